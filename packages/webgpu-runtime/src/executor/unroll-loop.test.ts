import { matmul, type Tensor, tensor } from '@surprisal/tensor'
import { type KernelStep, type LoopStep, nodeOf, planSteps, trace, type Value } from '@surprisal/tensor/backend'
import { describe, expect, it } from 'vitest'
import { nothing } from '../steps/lowered-step.ts'
import { isFusible } from '../wgsl/fusible.ts'
import { canUnroll, type Turn, unrollLoop } from './unroll-loop.ts'

const filled = (shape: readonly number[]): Tensor =>
  tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), { shape })

/** The loop of a plan, and its turns with what was lowered for each. */
function unrolled(result: Tensor, rows: number) {
  const limits = { largeBytes: 90, blockBytes: 1, fewestRows: rows }
  const { steps, values } = planSteps(trace([nodeOf(result, 'test')]), isFusible, limits)
  const loops = steps.filter((step): step is LoopStep => step.kind === 'loop')
  expect(loops).toHaveLength(1)
  const lowered: { step: KernelStep; adds: boolean }[] = []
  const all: Value[] = [...values]
  const turns = unrollLoop(loops[0], all, (step, adds) => {
    lowered.push({ step, adds })
    return nothing
  })
  return { loop: loops[0], values: all, lowered, turns: turns as Turn[], possible: canUnroll(loops[0], values) }
}

/** Of the first operands of its products, where each turn begins to read. */
const starts = (lowered: readonly { step: KernelStep }[]): number[] =>
  lowered.flatMap(({ step }) => (step.kind === 'fused' ? [] : [step.reads[0].map.offset]))

/** Large, `[rows, 8]` or `[batches, rows, 8]`. */
function scores(batches: number | null, rows: number): Tensor {
  const batch = batches === null ? [] : [batches]
  return matmul(filled([...batch, rows, 4]), filled([...batch, 4, 8])).softmax({ dim: -1 })
}

/** `[rows, 4]` or `[batches, rows, 4]`, by way of scores. */
const mixed = (batches: number | null, rows: number): Tensor =>
  matmul(scores(batches, rows), filled(batches === null ? [8, 4] : [batches, 8, 4]))

describe('a loop', () => {
  it('has turns for blocks of rows, and for the rows that are left', () => {
    const { loop, turns, lowered } = unrolled(mixed(null, 11), 4)
    expect(loop.parts.map(({ from, to, block }) => [from, to, block])).toEqual([
      [0, 8, 4],
      [8, 11, 3],
    ])
    const [first, second] = loop.parts.map(({ body }) => body.length)
    expect(turns).toHaveLength(2 * first + second)
    expect(starts(lowered)).toEqual([0, 0, 4 * 4, 0, 8 * 4, 0])
  })

  it('puts rows of a result into their places', () => {
    const { loop, turns, values } = unrolled(mixed(null, 11), 4)
    const copies = turns.flatMap(({ after }) => after)
    expect(copies.map(({ fromByte, toByte, bytes }) => [fromByte, toByte, bytes])).toEqual([
      [0, 0, 64],
      [0, 64, 64],
      [0, 128, 48],
    ])
    for (const { from, to } of copies) {
      expect(loop.makes).toContain(to)
      expect(values[from].node.shape.at(-1)).toBe(values[to].node.shape.at(-1))
    }
    expect(turns.flatMap(({ before }) => before)).toEqual([])
  })

  it('goes through the rows of each batch', () => {
    const { turns, lowered } = unrolled(mixed(3, 6), 3)
    expect(starts(lowered).filter((_, i) => i % 2 === 0)).toEqual([0, 12, 24, 36, 48, 60])
    expect(turns.flatMap(({ after }) => after.map(({ toByte }) => toByte))).toEqual([0, 48, 96, 144, 192, 240])
  })

  it('makes whole values first, and blocks when they are needed, which die in their turn', () => {
    const { loop, turns } = unrolled(mixed(2, 6), 3)
    expect(turns[0].makes).toEqual(expect.arrayContaining([...loop.makes]))
    for (const made of loop.makes) {
      expect(turns.slice(1).flatMap(({ makes }) => makes)).not.toContain(made)
      expect(turns.flatMap(({ dying }) => dying)).not.toContain(made)
    }
    const live = new Set<number>()
    for (const { makes, dying, after } of turns) {
      for (const value of makes) live.add(value)
      for (const { from, to } of after) expect([live.has(from), live.has(to)]).toEqual([true, true])
      for (const value of dying) expect(live.delete(value)).toBe(true)
    }
    expect([...live].sort()).toEqual([...loop.makes].sort())
  })
})

describe('a sum over rows', () => {
  /** The transpose of scores and what it is multiplied by, which sums over the rows. */
  const sums = (batches: number | null): Tensor =>
    matmul(scores(batches, 6).transpose(-1, -2), filled(batches === null ? [6, 4] : [batches, 6, 4]))

  it('is begun by the first block and added to by the others, in place', () => {
    const { turns, lowered } = unrolled(sums(null), 2)
    const adds = lowered.filter(({ adds }) => adds).map(({ step }) => step.makes)
    expect(adds).toHaveLength(2)
    expect(adds[0]).toEqual(adds[1])
    expect(turns.flatMap(({ before, after }) => [...before, ...after])).toEqual([])
  })

  it('of each of several batches is fetched, added to and put back', () => {
    const { turns } = unrolled(sums(2), 2)
    const moved = turns.filter(({ after }) => after.length > 0)
    expect(moved.map(({ before }) => before.length)).toEqual([0, 1, 1, 0, 1, 1])
    expect(moved.map(({ after }) => after[0].toByte)).toEqual([0, 0, 0, 128, 128, 128])
    for (const { before, after } of moved)
      for (const [i, { from, fromByte, to, toByte, bytes }] of before.entries())
        expect({ from: to, fromByte: toByte, to: from, toByte: fromByte, bytes }).toEqual(after[i])
  })
})

describe('what cannot be done by rows', () => {
  it('are rows of halves that make no whole words', () => {
    const halves = (rows: number) => unrolled(scores(null, 12).square().sum({ dim: -1 }).cast('float16'), rows)
    expect([halves(3).turns, halves(3).possible]).toEqual([null, false])
    expect([halves(4).turns === null, halves(4).possible]).toEqual([false, true])
  })

  it('is what has no kernel', () => {
    const { loop, values } = unrolled(mixed(null, 11), 4)
    expect(unrollLoop(loop, values, () => null)).toBeNull()
    let left = 3
    expect(unrollLoop(loop, values, () => (left-- > 0 ? nothing : null))).toBeNull()
  })
})
