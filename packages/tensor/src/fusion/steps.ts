import { type AffineMap, identityMap } from '../graph/affine.ts'
import type { Node } from '../graph/node.ts'
import { sizeOf } from '../shape.ts'
import { type BuiltGroup, buildGroup } from './build.ts'
import { Draft } from './draft.ts'
import { joinEpilogues } from './epilogues.ts'
import { loopLimits } from './loops/limits.ts'
import { formLoops } from './loops/loops.ts'
import type { Moves } from './loops/rows.ts'
import { partition } from './partition.ts'
import type { Trace } from './trace.ts'
import { copyOf, type Read, readValues, type Value } from './values.ts'

/** A matrix product and a fused kernel over its elements, of whose buffers number `product` stands for it. */
export interface ProductStep extends BuiltGroup {
  readonly kind: 'product'
  readonly makes: readonly number[]
  readonly needs: readonly number[]
  readonly reads: readonly Read[]
  readonly product: number
}

/** One kernel of a plan: fused instructions, or one primitive over reads. Values are numbered as in `values`. */
export type KernelStep =
  | ({ readonly kind: 'fused'; readonly makes: readonly number[]; readonly needs: readonly number[] } & BuiltGroup)
  | ProductStep
  | {
      readonly kind: 'single'
      readonly makes: readonly [number]
      readonly needs: readonly number[]
      readonly reads: readonly Read[]
    }

/** A kernel within a loop. */
export interface BodyStep {
  readonly step: KernelStep
  /** For each buffer, elements that it moves on by for each count of a batch's counter, and by for each row. */
  readonly moves: readonly Moves[]
  /** Whether it adds what its rows give to what the rows before have given. */
  readonly sums: boolean
}

/** Kernels that are run in turn for one block of rows after the other. */
export interface LoopPart {
  readonly from: number
  readonly to: number
  /** Rows at a time, of which `to - from` is a multiple. */
  readonly block: number
  readonly body: readonly BodyStep[]
}

/** Kernels over some rows of large values at a time, for each batch. */
export interface LoopStep {
  readonly kind: 'loop'
  readonly makes: readonly number[]
  readonly needs: readonly number[]
  /** Counters of batches, the outermost first. */
  readonly counts: readonly number[]
  readonly parts: readonly LoopPart[]
}

export type Step = KernelStep | LoopStep

/** What to compute in which order for a trace. */
export interface Steps {
  /** Values of the trace by position, then copies. */
  readonly values: readonly Value[]
  readonly steps: readonly Step[]
  /** The value of each target. */
  readonly outputs: readonly number[]
}

/**
 * Cuts a trace into kernels and orders them.
 * @param emittable whether a unary or binary function can be part of a fused kernel
 * @param limits when large values are made and used up by loops
 * @param fusion whether kernels do more than one primitive each; without, only views are free. @default true
 */
export function planSteps(
  trace: Trace,
  emittable: (node: Node) => boolean,
  limits = loopLimits(),
  fusion = true,
): Steps {
  const { values: read, outputs } = readValues(trace, emittable)
  const values = [...read]
  const { makers, inputs, single } = partition({ values: read, outputs }, limits, fusion)
  const steps: KernelStep[] = []
  const copies = new Map<string, number>()

  const build = (draft: Draft): void => {
    const built = buildGroup(draft, values, inputs, copyFor)
    const makes = [...draft.stores]
    steps.push({ kind: 'fused', makes, needs: built.buffers.filter(value => !draft.stores.has(value)), ...built })
  }
  function copyFor(value: number, place: AffineMap, draft: Draft): number {
    const key = `${value}:${place.shape.join()}:${place.strides.join()}:${place.offset}`
    const read = { base: value, map: place }
    const known = copies.get(key)
    if (known !== undefined) return known
    const copy = values.push(copyOf({ ...values[value].node, shape: place.shape }, values[value].position, read)) - 1
    copies.set(key, copy)
    const maker = new Draft(place.shape)
    for (const [member, places] of draft.places) maker.places.set(member, places)
    maker.add(copy, identityMap(place.shape))
    maker.stores.add(copy)
    maker.copies = true
    build(maker)
    return copy
  }

  for (const draft of new Set(makers)) if (draft) build(draft)
  for (const value of single) {
    const { reads } = values[value]
    steps.push({ kind: 'single', makes: [value], needs: reads.map(({ base }) => base), reads })
  }
  const ordered = (list: readonly Step[]) => order(outputs, values, list)
  if (!fusion) return { values, steps: ordered(steps), outputs }
  const formed = formLoops({ values, steps, outputs }, limits, ordered)
  return { values, steps: ordered(joinEpilogues(formed, values, outputs)), outputs }
}

/** Operands first, and the one whose own operands take the most memory before the others, without recursion. */
function order(outputs: readonly number[], values: readonly Value[], steps: readonly Step[]): Step[] {
  const makers = new Map<number, Step>()
  for (const step of steps) for (const made of step.makes) makers.set(made, step)
  const ordered: Step[] = []
  const entered = new Set<Step>()
  const stack: { step: Step; before: readonly Step[]; next: number }[] = []
  const enter = (step: Step | undefined): void => {
    if (!step || entered.has(step)) return
    entered.add(step)
    const weight = (need: number) => sizeOf(values[need].node.shape)
    const needs = [...step.needs].sort((a, b) => weight(b) - weight(a))
    const before = needs.flatMap(need => makers.get(need) ?? [])
    stack.push({ step, before, next: 0 })
  }
  for (const output of outputs) {
    enter(makers.get(output))
    while (stack.length > 0) {
      const top = stack[stack.length - 1]
      if (top.next < top.before.length) enter(top.before[top.next++])
      else {
        stack.pop()
        ordered.push(top.step)
      }
    }
  }
  return ordered
}
