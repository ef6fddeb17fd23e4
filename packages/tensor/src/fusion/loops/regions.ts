import { sizeOf } from '../../shape.ts'
import { bytesOf } from '../cost.ts'
import type { KernelStep, Step } from '../steps.ts'
import type { Value } from '../values.ts'
import { type Cut, cutStep } from './cut.ts'
import { type Counts, rowMoves, sameMoves, totalOf } from './rows.ts'

/** Steps around values that are too large to be kept whole, and how each of them is done by rows. */
export interface Region {
  readonly counts: Counts
  /** In order. */
  readonly cuts: ReadonlyMap<KernelStep, Cut>
  /** Values of which only some rows exist at a time. */
  readonly large: ReadonlySet<number>
}

/** The counters that a step would give: its batches, and the rows within. */
function countsOf(step: KernelStep, values: readonly Value[]): Counts[] {
  if (step.kind === 'fused') {
    const { group } = step
    const kept = group.space.slice(0, group.reduced[0] ?? group.space.length - 1).filter(size => size !== 1)
    return kept.map((_, last) => kept.slice(0, last + 1)).reverse()
  }
  const { node } = values[step.makes[0]]
  if (values[step.makes[0]].role !== 'contract') return []
  return step.reads.map(({ map, groups }) =>
    [...map.shape.slice(0, groups?.[0] ?? 1), node.shape[1]].filter(size => size !== 1),
  )
}

/**
 * The first region of a plan whose steps can all be done by rows. A value of which that is not so is kept whole.
 * @param whole values that are kept whole, to which more are added
 */
export function findRegion(
  values: readonly Value[],
  steps: readonly Step[],
  outputs: readonly number[],
  whole: Set<number>,
  largeBytes: number,
): Region | null {
  const kept = new Set(outputs)
  const made = new Set(steps.flatMap(({ makes }) => makes))
  const isOpen = (value: number): boolean =>
    made.has(value) && !kept.has(value) && !whole.has(value) && bytesOf(values[value]) > largeBytes
  for (const first of steps) {
    if (first.kind === 'loop') continue
    for (const seed of first.makes) {
      while (isOpen(seed)) {
        const members = connected(seed, steps, isOpen)
        const region = cutAll(members, values, isOpen)
        if (region) return region
        const wrong = worstOf(members, values, isOpen)
        for (const value of wrong) whole.add(value)
        if (wrong.length === 0) whole.add(seed)
      }
    }
  }
  return null
}

const touched = ({ makes, needs }: Step): readonly number[] => [...makes, ...needs]

/** The steps that have to do with large values which have to do with `seed`, in order. */
function connected(seed: number, steps: readonly Step[], isOpen: (value: number) => boolean): Step[] {
  const reached = new Set([seed])
  const members = new Set<Step>()
  for (let before = -1; before !== members.size; ) {
    before = members.size
    for (const step of steps) {
      const large = touched(step).filter(isOpen)
      if (!large.some(value => reached.has(value))) continue
      members.add(step)
      for (const value of large) reached.add(value)
    }
  }
  return steps.filter(step => members.has(step))
}

/** Every step by rows of the same counters; null where one cannot be. */
function cutAll(members: readonly Step[], values: readonly Value[], isOpen: (value: number) => boolean): Region | null {
  const kernels = members.filter(step => step.kind !== 'loop')
  if (kernels.length < members.length) return null
  const large = new Set(members.flatMap(touched).filter(isOpen))
  for (const counts of candidates(kernels, values)) {
    const cuts = new Map<KernelStep, Cut>()
    for (const step of kernels) {
      const cut = cutFor(step, values, counts, large)
      if (!cut) break
      cuts.set(step, cut)
    }
    if (cuts.size === kernels.length) return { counts, cuts, large }
  }
  return null
}

/** Counters that the steps give, the finest first. */
function candidates(kernels: readonly KernelStep[], values: readonly Value[]): Counts[] {
  const all = new Map(kernels.flatMap(step => countsOf(step, values)).map(counts => [counts.join(), counts]))
  return [...all.values()]
    .filter(counts => totalOf(counts) > 1)
    .sort((a, b) => totalOf(b) - totalOf(a) || b.length - a.length)
}

/** How a step is done by rows, if it reads of every large value the rows that are there. */
function cutFor(step: KernelStep, values: readonly Value[], counts: Counts, large: ReadonlySet<number>): Cut | null {
  const cut = cutStep(step, values, counts, value => large.has(value))
  if (!cut || (cut.sums && step.makes.some(value => large.has(value)))) return null
  const inRows = cut.reads.every(
    ({ value, moves }) =>
      !large.has(value) || sameMoves(moves, rowMoves(sizeOf(values[value].node.shape), counts), counts),
  )
  return inRows ? cut : null
}

/** Large values of the steps that stand in the way for the counters which suit the most steps. */
function worstOf(members: readonly Step[], values: readonly Value[], isOpen: (value: number) => boolean): number[] {
  const kernels = members.filter(step => step.kind !== 'loop')
  const large = new Set(members.flatMap(touched).filter(isOpen))
  let fewest = members
  let best: Counts | null = null
  for (const counts of candidates(kernels, values)) {
    const failing = members.filter(step => step.kind === 'loop' || !cutFor(step, values, counts, large))
    if (failing.length >= fewest.length) continue
    fewest = failing
    best = counts
  }
  return fewest.flatMap(step => {
    // A sum over all rows that is large itself: nothing else has to be whole for it.
    const others = new Set([...large].filter(value => !step.makes.includes(value)))
    const sums = step.kind !== 'loop' && best !== null && cutFor(step, values, best, others)
    return (sums ? step.makes : touched(step)).filter(isOpen)
  })
}
