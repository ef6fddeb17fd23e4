import { gradients, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CrossEntropyOptions, crossEntropy } from './cross-entropy.ts'

const scores = (shape: number[], seed = 1): Tensor => tensor(normal(seed, shape).dataSync(), { shape })
const classes = (data: number[], shape = [data.length]): Tensor => tensor(data, { shape, dtype: 'int32' })
const values = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)
const gradientOf = (loss: Tensor, x: Tensor): number[] => values(gradients(loss, [x])[0])

/** The definition in plain loops, class axis last. */
function naive(
  rows: number[][],
  y: number[],
  { labelSmoothing: s = 0, zLoss = 0, weight, ignoreIndex = -100 }: CrossEntropyOptions,
) {
  const w = weight ? values(weight as Tensor) : rows[0].map(() => 1)
  let [sum, weights, penalty, count] = [0, 0, 0, 0]
  rows.forEach((x, n) => {
    if (y[n] === ignoreIndex) return
    const lse = Math.log(x.reduce((total, value) => total + Math.exp(value), 0))
    sum += (1 - s) * w[y[n]] * (lse - x[y[n]])
    for (const [c, value] of x.entries()) sum += (s / x.length) * w[c] * (lse - value)
    weights += w[y[n]]
    penalty += zLoss * lse ** 2
    count += 1
  })
  return sum / weights + penalty / count
}

describe('crossEntropy', () => {
  it('is -log of the probability of the class', () => {
    const logits = tensor([[0, Math.log(3)]])
    expect(crossEntropy(logits, classes([1])).itemSync()).toBeCloseTo(-Math.log(3 / 4), 6)
    expect(crossEntropy(logits, classes([0])).itemSync()).toBeCloseTo(Math.log(4), 6)
  })

  it('agrees with its definition in loops', () => {
    const sizes = fc.record({
      n: fc.integer({ min: 1, max: 5 }),
      c: fc.integer({ min: 2, max: 6 }),
      seed: fc.nat(1000),
    })
    fc.assert(
      fc.property(sizes, fc.constantFrom(0, 0.1, 1), fc.constantFrom(0, 0.01), fc.boolean(), (size, s, z, weighted) => {
        const { n, c, seed } = size
        const logits = scores([n, c], seed)
        const y = Array.from({ length: n }, (_, i) => (i > 0 && i % 3 === 0 ? -100 : (i * 7 + seed) % c))
        const weight = weighted ? scores([c], seed + 1).exp() : undefined
        const options = { labelSmoothing: s, zLoss: z, weight }
        const rows = Array.from({ length: n }, (_, i) => values(logits.select(0, i)))
        expect(crossEntropy(logits, classes(y), options).itemSync()).toBeCloseTo(naive(rows, y, options), 4)
      }),
      { numRuns: 40, seed: 3 },
    )
  })

  it('takes the classes of any axis', () => {
    const logits = scores([2, 4, 3])
    const y = classes([1, 0, 3, 2, 2, 0], [2, 3])
    const expected = crossEntropy(logits, y).itemSync()
    expect(crossEntropy(logits.movedim(1, 2), y, { classDim: -1 }).itemSync()).toBeCloseTo(expected as number, 6)
    expect(crossEntropy(logits.movedim(1, 0), y, { classDim: 0 }).itemSync()).toBeCloseTo(expected as number, 6)
    expect(crossEntropy(logits, y, { reduction: 'none' }).shape).toEqual([2, 3])
  })

  it('takes a single sample', () => {
    const logits = scores([4])
    const one = crossEntropy(logits, tensor(2, { dtype: 'int32' }), { reduction: 'none' })
    expect(one.shape).toEqual([])
    expect(one.itemSync()).toBeCloseTo(crossEntropy(logits.unsqueeze(0), classes([2])).itemSync() as number, 6)
  })

  it('gives for one-hot probabilities what it gives for classes', () => {
    const logits = scores([3, 4])
    const options = { labelSmoothing: 0.2, zLoss: 0.1 }
    const hard = crossEntropy(logits, classes([1, 3, 0]), options).itemSync() as number
    expect(crossEntropy(logits, classes([1, 3, 0]).oneHot(4), options).itemSync()).toBeCloseTo(hard, 5)
  })

  it('does not divide by weights when targets are probabilities', () => {
    const logits = scores([2, 3])
    const weight = tensor([2, 2, 2])
    const targets = scores([2, 3], 5).softmax()
    const plain = crossEntropy(logits, targets).itemSync() as number
    expect(crossEntropy(logits, targets, { weight }).itemSync()).toBeCloseTo(2 * plain, 5)
    expect(crossEntropy(logits, classes([0, 1]), { weight }).itemSync()).toBeCloseTo(
      crossEntropy(logits, classes([0, 1])).itemSync() as number,
      5,
    )
  })

  it('has the gradient softmax - target', () => {
    const logits = scores([3, 4])
    const y = classes([1, 3, 0])
    const expected = values(logits.softmax().sub(y.oneHot(4)).div(3))
    gradientOf(crossEntropy(logits, y), logits).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 6)
    })
  })

  it.each<[string, number[], CrossEntropyOptions]>([
    ['plain', [3, 4], {}],
    ['smoothed and weighted', [3, 4], { labelSmoothing: 0.3, weight: tensor([1, 0.5, 2, 3]) }],
    ['with z-loss and an ignored row', [3, 4], { zLoss: 0.1, ignoreIndex: 2 }],
    ['summed', [3, 4], { reduction: 'sum' }],
  ])('has the gradient of its values: %s', (_name, shape, options) => {
    gradcheck(x => crossEntropy(x, classes([1, 3, 2]), options), [scores(shape)], { order: 2 })
  })

  it('has the gradient of its values towards probabilities', () => {
    const inputs = [
      scores([2, 3, 2]),
      tensor(scores([2, 3, 2], 9).softmax({ dim: 1 }).dataSync(), { shape: [2, 3, 2] }),
    ]
    gradcheck((x, t) => crossEntropy(x, t, { labelSmoothing: 0.1, reduction: 'none' }), inputs)
  })

  it('treats an ignored row as one that is not there', () => {
    const logits = scores([4, 3])
    const options = { weight: tensor([1, 2, 3]), labelSmoothing: 0.1, zLoss: 0.01 }
    for (const reduction of ['mean', 'sum'] as const) {
      const all = crossEntropy(logits, classes([0, 7, 2, 1]), { ...options, ignoreIndex: 7, reduction })
      const rest = crossEntropy(logits.indexSelect(0, classes([0, 2, 3])), classes([0, 2, 1]), {
        ...options,
        reduction,
      })
      expect(all.itemSync()).toBeCloseTo(rest.itemSync() as number, 5)
    }
    const each = crossEntropy(logits, classes([0, -100, 2, 1]), { ...options, reduction: 'none' })
    expect(values(each)[1]).toBe(0)
  })

  it('hides nothing but ignored rows: a NaN there is harmless, elsewhere it shows', () => {
    const logits = tensor([
      [Number.NaN, Number.POSITIVE_INFINITY],
      [1, 2],
    ])
    const loss = crossEntropy(logits, classes([-100, 0]), { zLoss: 0.1, labelSmoothing: 0.1 })
    expect(loss.itemSync()).not.toBeNaN()
    expect(gradientOf(loss, logits).slice(0, 2)).toEqual([0, 0])
    expect(crossEntropy(logits, classes([0, 0])).itemSync()).toBeNaN()
  })

  it('ignores a valid class, and bytes can not hold -100', () => {
    const logits = scores([2, 3])
    const bytes = tensor(Uint8Array.of(1, 2))
    expect(values(crossEntropy(logits, bytes, { ignoreIndex: 1, reduction: 'none' }))[0]).toBe(0)
    expect(crossEntropy(logits, bytes).itemSync()).toBe(crossEntropy(logits, classes([1, 2])).itemSync())
  })

  it('is 0 as a sum and NaN as a mean when every row is ignored', () => {
    const logits = scores([2, 3])
    const sum = crossEntropy(logits, classes([-100, -100]), { reduction: 'sum' })
    expect(sum.itemSync()).toBe(0)
    expect(gradientOf(sum, logits).every(value => value === 0)).toBe(true)
    expect(crossEntropy(logits, classes([-100, -100])).itemSync()).toBeNaN()
  })

  it('stays finite for logits of 1e4 and for excluded classes', () => {
    const logits = tensor([
      [1e4, -1e4, 0],
      [-1e4, 1e4, Number.NEGATIVE_INFINITY],
    ])
    const losses = crossEntropy(logits, classes([1, 1]), { reduction: 'none' })
    expect(values(losses)).toEqual([2e4, 0])
    expect(gradientOf(losses.sum(), logits)).toEqual([1, -1, 0, 0, 0, 0])
  })

  it('computes halves in float32', () => {
    const logits = tensor([[300, 1]], { dtype: 'float16' })
    const loss = crossEntropy(logits, classes([1]))
    expect([loss.dtype, loss.itemSync()]).toEqual(['float32', 299])
    expect(gradients(loss, [logits])[0].dtype).toBe('float16')
  })

  it('refuses a class out of range at the read, or gives NaN unvalidated', () => {
    const logits = scores([2, 5])
    const lazy = crossEntropy(logits, classes([0, 5]))
    expect(() => lazy.itemSync()).toThrow('crossEntropy: targets holds class 5, out of range [0, 5)')
    expect(() => crossEntropy(logits, classes([-1, 0])).itemSync()).toThrow(
      'targets holds class -1, out of range [0, 5)',
    )
    const open = values(crossEntropy(logits, classes([4, 5]), { validate: false, reduction: 'none' }))
    expect(open[0]).toBeCloseTo(crossEntropy(logits, classes([4, -100])).itemSync() as number, 5)
    expect(open[1]).toBeNaN()
  })

  it.each<[string, () => Tensor, string]>([
    [
      'targets of another length',
      () => crossEntropy(scores([4, 5]), classes([0, 1, 2])),
      'targets has shape [3], expected [4]',
    ],
    [
      'probabilities of another shape',
      () => crossEntropy(scores([4, 5]), scores([4])),
      'targets has shape [4], expected [4, 5]',
    ],
    ['integer logits', () => crossEntropy(classes([1, 2]), classes([1])), 'logits must be float, got int32'],
    ['bools', () => crossEntropy(scores([2]), tensor(true)), 'targets must be integers, got bool'],
    ['a scalar', () => crossEntropy(scores([]), classes([0])), 'logits has shape [], expected at least one dim'],
    ['no tensor', () => crossEntropy(scores([2]), 1 as never), 'targets must be a tensor, got number'],
    [
      'weights',
      () => crossEntropy(scores([2, 3]), classes([0, 1]), { weight: scores([2]) }),
      'weight has shape [2], expected [3]',
    ],
    [
      'smoothing',
      () => crossEntropy(scores([2, 3]), classes([0, 1]), { labelSmoothing: 1.5 }),
      'labelSmoothing must be in [0, 1], got 1.5',
    ],
    [
      'z-loss',
      () => crossEntropy(scores([2, 3]), classes([0, 1]), { zLoss: -1 }),
      'zLoss must be a finite number of at least 0, got -1',
    ],
    [
      'an axis',
      () => crossEntropy(scores([2, 3]), classes([0, 1]), { classDim: 2 }),
      'classDim must be an integer in [-2, 1], got 2',
    ],
    [
      'ignoreIndex',
      () => crossEntropy(scores([2, 3]), classes([0, 1]), { ignoreIndex: 0.5 }),
      'ignoreIndex must be an integer, got 0.5',
    ],
    [
      'a reduction',
      () => crossEntropy(scores([2, 3]), classes([0, 1]), { reduction: 'avg' as 'sum' }),
      "reduction 'avg' is not one of none|mean|sum",
    ],
  ])('refuses %s', (_what, call, message) => {
    expect(call).toThrow(`crossEntropy: ${message}`)
  })
})
