import { gradients, normal, Parameter, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { type EmbeddingDistillLossOptions, embeddingDistillLoss } from './embedding-distill.ts'

const points = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)
const rows = (x: Tensor): number[][] => Array.from({ length: x.shape[0] }, (_, i) => values(x.select(0, i)))
const cosine = (a: number[], b: number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i], 0) / Math.hypot(...a) / Math.hypot(...b)
const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length

describe('embeddingDistillLoss', () => {
  const [s, t, wide] = [points([3, 4]), points([3, 4], 2), points([3, 6], 3)]
  const none = { reduction: 'none' } as const
  const close = (got: Tensor, expected: number[]) => {
    expect(got.shape).toEqual([expected.length])
    values(got).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 5)
    })
  }

  it('compares directions by default', () => {
    close(
      embeddingDistillLoss(s, t, none),
      rows(s).map((a, i) => 1 - cosine(a, rows(t)[i])),
    )
    expect(embeddingDistillLoss(s, s.mul(3)).itemSync()).toBeCloseTo(0, 6)
  })

  it('compares coordinates', () => {
    const expected = rows(s).map((a, i) => mean(a.map((x, d) => (x - rows(t)[i][d]) ** 2)))
    close(embeddingDistillLoss(s, t, { ...none, metric: 'mse' }), expected)
    expect(embeddingDistillLoss(s, t, { metric: 'mse' }).itemSync()).toBeCloseTo(mean(expected), 5)
  })

  it('compares the similarities within the batch, of any two widths', () => {
    const gram = (x: Tensor) => rows(x).map(a => rows(x).map(b => cosine(a, b)))
    const expected = gram(s).map((line, i) => mean(line.map((value, j) => (value - gram(wide)[i][j]) ** 2)))
    close(embeddingDistillLoss(s, wide, { ...none, metric: 'gram' }), expected)
  })

  it('projects by a weight that is trained along, or by a module', () => {
    const weight = new Parameter(points([6, 4], 7))
    const expected = embeddingDistillLoss(s.matmul(weight.value.transpose(0, 1)), wide, { metric: 'mse' }).itemSync()
    const loss = embeddingDistillLoss(s, wide, { metric: 'mse', projection: weight })
    expect(loss.itemSync()).toBeCloseTo(expected as number, 6)
    expect(values(gradients(loss, [weight])[0]).some(value => value !== 0)).toBe(true)
    const projection = { forward: (x: Tensor) => x.matmul(weight.value.transpose(0, 1)) }
    expect(embeddingDistillLoss(s, wide, { metric: 'mse', projection }).itemSync()).toBeCloseTo(expected as number, 6)
  })

  it.each(['cosine', 'mse', 'gram'] as const)('keeps the rows of the mask: %s', metric => {
    const keep = tensor([0, 2], { dtype: 'int32' })
    const rest = embeddingDistillLoss(s.indexSelect(0, keep), t.indexSelect(0, keep), { metric }).itemSync() as number
    const spoilt = tensor(rows(s).map((row, i) => (i === 1 ? row.map(() => Number.NaN) : row)))
    const loss = embeddingDistillLoss(spoilt, t, { metric, mask: tensor([true, false, true]) })
    expect(loss.itemSync()).toBeCloseTo(rest, 5)
    expect(values(gradients(loss, [spoilt])[0]).slice(4, 8)).toEqual([0, 0, 0, 0])
    expect(embeddingDistillLoss(s, t, { metric, mask: tensor([false, false, false]) }).itemSync()).toBe(0)
  })

  it('takes rows of any leading shape', () => {
    const flat = embeddingDistillLoss(points([6, 4]), points([6, 4], 2)).itemSync() as number
    const nested = embeddingDistillLoss(points([6, 4]).reshape([2, 3, 4]), points([6, 4], 2).reshape([2, 3, 4]))
    expect(nested.itemSync()).toBeCloseTo(flat, 6)
  })

  it.each<EmbeddingDistillLossOptions>([
    {},
    { metric: 'mse' },
    { metric: 'gram' },
    { mask: tensor([true, false, true]) },
  ])('has the gradient of its values, and none to the teacher: %o', options => {
    gradcheck(x => embeddingDistillLoss(x, t, options), [s])
    expect(gradients(embeddingDistillLoss(s, t, options), [t], { allowUnused: true })).toEqual([null])
  })

  it('stays finite for rows of zeros and of 1e4', () => {
    const student = tensor([
      [0, 0],
      [1e4, -1e4],
    ])
    const loss = embeddingDistillLoss(
      student,
      tensor([
        [1, 1],
        [-1e4, 1e4],
      ]),
      none,
    )
    expect(values(loss)).toEqual([1, expect.closeTo(2, 5)])
    expect(values(gradients(loss.sum(), [student])[0]).every(Number.isFinite)).toBe(true)
  })

  it('refuses what it cannot use, and says what it got', () => {
    const op = 'embeddingDistillLoss'
    expect(() => embeddingDistillLoss(s, wide)).toThrow(
      `${op}: teacher must have the shape of student, got [3, 6] for [3, 4]`,
    )
    expect(() => embeddingDistillLoss(s, points([2, 4]), { metric: 'gram' })).toThrow(
      `${op}: teacher must have as many rows as student`,
    )
    expect(() => embeddingDistillLoss(s, t, { metric: 'dot' as 'mse' })).toThrow(
      `${op}: metric must be one of cosine|mse|gram, got 'dot'`,
    )
    expect(() => embeddingDistillLoss(s, wide, { projection: points([4, 6]) })).toThrow(
      `${op}: projection must have shape [teacher, student] with 4 columns, got [4, 6]`,
    )
    expect(() => embeddingDistillLoss(tensor(1), tensor(1))).toThrow(
      `${op}: student must have at least one dim, got shape []`,
    )
  })
})
