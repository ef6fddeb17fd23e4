import { embedding, matmul, normal, randomKey, solve, type Tensor, tensor, zeros } from '@surprisal/tensor'
import { nodeOf, trace } from '@surprisal/tensor/backend'
import { describe, expect, it } from 'vitest'
import { compilePlan } from './compile-plan.ts'

const options = { limits: { maxStorageBuffersPerShaderStage: 8 }, checkIndices: true }
const plan = (...tensors: Tensor[]) => compilePlan(trace(tensors.map(t => nodeOf(t, 'test'))), options)
const rows = (n: number) => normal(randomKey(n), [64, 64])

describe('a plan', () => {
  it('frees what nothing needs any more, behind the step that needed it last', () => {
    const x = matmul(rows(1), rows(2))
    const { steps, source, outputs } = { ...plan(matmul(x, x)), outputs: 1 }
    const made = steps.flatMap(({ step }) => [...step.makes])
    const freed = steps.flatMap(({ dying }) => [...dying])
    expect(made.filter(value => !freed.includes(value))).toEqual(source.outputs)
    expect(source.outputs).toHaveLength(outputs)
    steps.forEach(({ dying }, at) => {
      for (const value of dying) expect(steps.slice(at + 1).every(({ step }) => !step.needs.includes(value))).toBe(true)
    })
  })

  it('knows what it takes at most at once beside its results', () => {
    const bytes = 4 * 64 * 64
    let x = rows(1)
    for (let i = 0; i < 6; i++) x = matmul(x, rows(i + 2))
    const { temporaryBytes, outputBytes } = plan(x)
    expect(outputBytes).toBe(bytes)
    expect(temporaryBytes).toBeGreaterThanOrEqual(2 * bytes)
    expect(temporaryBytes).toBeLessThan(9 * bytes)
  })

  it('keeps large values whole: there are no loops', () => {
    const scores = matmul(zeros([4096, 8]).add(tensor(1)), zeros([8, 4096])).softmax()
    const { steps } = plan(matmul(scores, zeros([4096, 8])))
    expect(steps.map(({ step }) => step.kind)).not.toContain('loop')
  })

  it('keeps whole what cannot be done by rows, and nothing else', () => {
    const loops = { largeBytes: 150, blockBytes: 1, fewestRows: 3 }
    const leaf = (shape: number[]) => tensor(new Float32Array(shape[0] * shape[1]), { shape })
    const sums = () =>
      matmul(leaf([12, 4]), leaf([4, 8]))
        .softmax()
        .square()
        .sum({ dim: -1 })
    const halves = sums().cast('float16')
    const turnsOf = (...tensors: Tensor[]) => {
      const { source, steps } = compilePlan(trace(tensors.map(t => nodeOf(t, 'test'))), { ...options, loops })
      return [source.steps.filter(({ kind }) => kind === 'loop').length, steps.length - source.steps.length]
    }
    expect(turnsOf(halves)).toEqual([0, 0])
    const [count, more] = turnsOf(sums())
    expect([count, more > 3]).toEqual([1, true])
    expect(turnsOf(halves, sums())).toEqual([count, more])
  })

  it('numbers the checks of its steps one behind the other', () => {
    const index = tensor([0, 1], { dtype: 'int32' })
    const table = tensor(new Float32Array(8), { shape: [4, 2] })
    const first = matmul(embedding(table, index), tensor(new Float32Array(4), { shape: [2, 2] }))
    const { checks, steps } = plan(first, embedding(table, index.add(1)).sum({ dim: 0 }))
    expect(checks.length).toBeGreaterThanOrEqual(2)
    for (const { op, dim, size } of checks) expect([op, dim, size]).toEqual(['embedding', 0, 4])
    let next = 0
    for (const { lowered, status } of steps) {
      expect(status).toBe(2 * next)
      next += lowered?.checks.length ?? 0
    }
    expect(next).toBe(checks.length)
  })

  it('has no kernels for what only the host can do', () => {
    const a = tensor([
      [2, 0],
      [0, 2],
    ])
    const { steps } = plan(solve(a.mul(2), tensor([1, 2])))
    const kinds = steps.map(({ lowered }) => lowered !== null)
    expect(kinds).toContain(false)
    expect(kinds).toContain(true)
  })
})
