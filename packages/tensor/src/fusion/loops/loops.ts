import { sizeOf } from '../../shape.ts'
import { bytesOf } from '../cost.ts'
import type { BodyStep, KernelStep, LoopPart, LoopStep, Step } from '../steps.ts'
import type { Value } from '../values.ts'
import type { Cut } from './cut.ts'
import type { LoopLimits } from './limits.ts'
import { storePositions } from './positions.ts'
import { findRegion, type Region } from './regions.ts'
import { rowMoves, sameMoves, totalOf } from './rows.ts'

/** A product of more terms is not computed again. */
const deepestAgain = 128

/**
 * Values that are too large to be kept whole are made and used up some rows at a time, by loops over the steps around
 * them: scores of attention, or logits of a large vocabulary. What a later pass needs again of them, as a backward pass
 * does, it computes again.
 * @param plan its values get the blocks of rows
 * @param order puts steps in order, operands first
 */
export function formLoops(
  plan: { values: Value[]; steps: readonly KernelStep[]; outputs: readonly number[] },
  limits: LoopLimits,
  order: (steps: readonly Step[]) => Step[],
): Step[] {
  const { values, steps, outputs } = plan
  const { largeBytes, canLoop = () => true } = limits
  const whole = new Set<number>()
  if (!steps.some(({ makes }) => makes.some(value => bytesOf(values[value]) > largeBytes))) return order(steps)
  let formed = order(steps.flatMap(step => storePositions(step, values, largeBytes)))
  for (;;) {
    const region = findRegion(values, formed, outputs, whole, largeBytes)
    if (!region) return formed
    const passes = passesOf(region, formed, values)
    const costly = passes.flatMap(({ again }) => costlyAgain(again, region, values))
    if (costly.length > 0) {
      for (const value of costly) whole.add(value)
      continue
    }
    const loops = passes.map(pass => loopOf(pass, region, values, limits))
    if (!loops.every(loop => canLoop(loop, values))) {
      for (const value of region.large) whole.add(value)
      continue
    }
    const others = formed.filter(step => step.kind === 'loop' || !region.cuts.has(step))
    formed = order([...others, ...loops])
  }
}

/** Large values that take too long to be computed again. */
const costlyAgain = (again: ReadonlySet<KernelStep>, { large }: Region, values: readonly Value[]): number[] =>
  [...again].flatMap(step => {
    if (step.kind !== 'single') return []
    const [batches, , columns] = values[step.makes[0]].node.shape
    const depth = sizeOf(step.reads[1].map.shape) / (batches * columns)
    return depth > deepestAgain ? step.makes.filter(value => large.has(value)) : []
  })

/** Steps of a region that can be done in one loop. */
interface Pass {
  readonly steps: readonly KernelStep[]
  /** Those of them that compute again what an earlier pass has made, of which nothing is left. */
  readonly again: ReadonlySet<KernelStep>
}

/** First the steps that need no whole result of the region, then those that need one of the first, and so on. */
function passesOf({ cuts, counts, large }: Region, steps: readonly Step[], values: readonly Value[]): Pass[] {
  const makers = new Map<number, KernelStep>()
  for (const step of cuts.keys()) for (const made of step.makes) makers.set(made, step)
  const passes = new Map<number, KernelStep[]>()
  const madeIn = new Map<number, number>()
  const byRows = (step: Step, value: number): boolean => {
    const cut = step.kind === 'loop' ? undefined : cuts.get(step)
    const maker = makers.get(value)
    if (!cut || !maker || cuts.get(maker)?.sums) return false
    const own = rowMoves(sizeOf(values[value].node.shape), counts)
    return cut.reads.every(read => read.value !== value || sameMoves(read.moves, own, counts))
  }
  for (const step of steps) {
    let number = 0
    for (const need of step.needs) {
      const before = madeIn.get(need) ?? 0
      number = Math.max(number, makers.has(need) && !byRows(step, need) ? before + 1 : before)
    }
    for (const made of step.makes) madeIn.set(made, number)
    if (step.kind === 'loop' || !cuts.has(step)) continue
    const pass = passes.get(number)
    if (pass) pass.push(step)
    else passes.set(number, [step])
  }
  return [...passes.values()].map(pass => {
    const own = new Set(pass)
    const again = new Set<KernelStep>()
    const stack = [...pass]
    for (let step = stack.pop(); step; step = stack.pop())
      for (const need of step.needs) {
        const maker = large.has(need) ? makers.get(need) : undefined
        if (!maker || own.has(maker) || again.has(maker)) continue
        again.add(maker)
        stack.push(maker)
      }
    return { steps: [...cuts.keys()].filter(step => own.has(step) || again.has(step)), again }
  })
}

/** The loop of a pass, over blocks of equal numbers of rows, and then over the rows that are left. */
function loopOf(pass: Pass, region: Region, values: Value[], limits: LoopLimits): LoopStep {
  const { blockBytes, fewestRows, mostBytes = Number.POSITIVE_INFINITY } = limits
  const { counts, large } = region
  const rows = counts[counts.length - 1]
  const temporary = pass.steps.flatMap(step => step.makes.filter(value => large.has(value) || pass.again.has(step)))
  const bytesInRow = temporary.map(value => bytesOf(values[value]) / totalOf(counts))
  const bytesOfRow = bytesInRow.reduce((sum, bytes) => sum + bytes, 0)
  const possible = Math.max(1, Math.floor(mostBytes / Math.max(0, ...bytesInRow)))
  const most = Math.min(rows, possible, Math.max(fewestRows, Math.floor(blockBytes / bytesOfRow)))
  const block = Math.ceil(rows / Math.ceil(rows / most))
  const even = Math.floor(rows / block) * block
  const parts = [partOf(pass, temporary, region, values, { from: 0, to: even, block })]
  if (even < rows) parts.push(partOf(pass, temporary, region, values, { from: even, to: rows, block: rows - even }))
  const steps = parts[0].body.map(({ step }) => step)
  const made = new Set(steps.flatMap(({ makes }) => makes))
  const makes = pass.steps.flatMap(step => step.makes).filter(value => !temporary.includes(value))
  const needs = new Set(steps.flatMap(step => step.needs).filter(value => !made.has(value)))
  return { kind: 'loop', makes, needs: [...needs], counts: counts.slice(0, -1), parts }
}

function partOf(
  { steps, again }: Pass,
  temporary: readonly number[],
  { cuts, counts, large }: Region,
  values: Value[],
  range: Pick<LoopPart, 'from' | 'to' | 'block'>,
): LoopPart {
  const blocks = new Map<number, number>()
  for (const value of temporary) {
    const { node } = values[value]
    const shape = [1, range.block, sizeOf(node.shape) / totalOf(counts)]
    blocks.set(value, values.push({ ...values[value], node: { ...node, shape } }) - 1)
  }
  const body = steps.map((step): BodyStep => {
    const { sums, block } = cuts.get(step) as Cut
    // What is made again beside large values is there already, whole, for others.
    const isBlock = (value: number): boolean => large.has(value) || (again.has(step) && step.makes.includes(value))
    return { ...block(range.block, value => (isBlock(value) ? (blocks.get(value) as number) : value)), sums }
  })
  return { ...range, body }
}
