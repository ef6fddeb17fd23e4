import { type AffineMap, identityMap } from '../graph/affine.ts'
import type { Node } from '../graph/node.ts'
import { sizeOf } from '../shape.ts'
import { type BuiltGroup, buildGroup } from './build.ts'
import { Draft } from './draft.ts'
import { partition } from './partition.ts'
import type { Trace } from './trace.ts'
import { copyOf, type Read, readValues, type Value } from './values.ts'

/** One kernel of a plan: fused instructions, or one primitive over reads. Values are numbered as in `values`. */
export type Step =
  | ({ readonly kind: 'fused'; readonly makes: readonly number[]; readonly needs: readonly number[] } & BuiltGroup)
  | {
      readonly kind: 'single'
      readonly makes: readonly [number]
      readonly needs: readonly number[]
      readonly reads: readonly Read[]
    }

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
 */
export function planSteps(trace: Trace, emittable: (node: Node) => boolean): Steps {
  const { values: read, outputs } = readValues(trace, emittable)
  const values = [...read]
  const { makers, inputs, single } = partition({ values: read, outputs })
  const steps = new Map<Draft | number, Step>()
  const makerOf = new Map<number, Draft | number>()
  const copies = new Map<string, number>()

  const build = (draft: Draft): void => {
    const built = buildGroup(draft, values, inputs, copyFor)
    const makes = [...draft.stores]
    steps.set(draft, { kind: 'fused', makes, needs: built.buffers.filter(value => !draft.stores.has(value)), ...built })
    for (const value of makes) makerOf.set(value, draft)
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
    steps.set(value, { kind: 'single', makes: [value], needs: reads.map(({ base }) => base), reads })
    makerOf.set(value, value)
  }
  return { values, steps: order(outputs, values, steps, makerOf), outputs }
}

/** Operands first, and the one whose own operands take the most memory before the others, without recursion. */
function order(
  outputs: readonly number[],
  values: readonly Value[],
  steps: ReadonlyMap<Draft | number, Step>,
  makerOf: ReadonlyMap<number, Draft | number>,
): Step[] {
  const ordered: Step[] = []
  const entered = new Set<Step>()
  const stack: { step: Step; before: readonly Step[]; next: number }[] = []
  const enter = (value: number): void => {
    const maker = makerOf.get(value)
    const step = maker === undefined ? undefined : steps.get(maker)
    if (!step || entered.has(step)) return
    entered.add(step)
    const weight = (need: number) => sizeOf(values[need].node.shape)
    const needs = [...step.needs].sort((a, b) => weight(b) - weight(a))
    const before = needs.flatMap(need => {
      const own = makerOf.get(need)
      return own === undefined ? [] : [steps.get(own) as Step]
    })
    stack.push({ step, before, next: 0 })
  }
  for (const output of outputs) {
    enter(output)
    while (stack.length > 0) {
      const top = stack[stack.length - 1]
      if (top.next < top.before.length) enter(top.before[top.next++].makes[0])
      else {
        stack.pop()
        ordered.push(top.step)
      }
    }
  }
  return ordered
}
