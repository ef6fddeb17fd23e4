import { sizeOf } from '../shape.ts'
import { isEpilogue } from './epilogue.ts'
import type { Moves } from './loops/rows.ts'
import type { KernelStep, ProductStep, Step } from './steps.ts'
import type { Value } from './values.ts'

type Fused = KernelStep & { kind: 'fused' }
type Single = KernelStep & { kind: 'single' }

/** A kernel, and for one within a loop how its buffers move. */
interface Placed {
  readonly step: KernelStep
  readonly moves?: readonly Moves[]
}

/**
 * Elementwise work that is all that reads a product becomes part of its kernel: a bias, an activation, a residual are
 * added to elements while they are in the cache, and the product itself is never stored.
 */
export function joinEpilogues(steps: readonly Step[], values: readonly Value[], outputs: readonly number[]): Step[] {
  const kept = new Set(outputs)
  const outer = steps.flatMap(step => (step.kind === 'loop' ? [] : [{ step }]))
  const needed = new Set(steps.flatMap(step => (step.kind === 'loop' ? step.needs : [])))
  const joined = new Map<Placed, Placed | null>()
  for (const [product, follower] of pairsIn(outer, values, value => kept.has(value) || needed.has(value))) {
    if (leadsTo(follower.step, product.step, steps)) continue
    joined.set(product, null)
    joined.set(follower, together(product, follower))
  }
  const places = new Map(outer.map(placed => [placed.step, placed]))
  return steps.flatMap((step): Step[] => {
    if (step.kind === 'loop') {
      const makes = new Set(step.makes)
      return [{ ...step, parts: step.parts.map(part => ({ ...part, body: joinBody(part.body, values, makes) })) }]
    }
    const result = joined.get(places.get(step) as Placed)
    return result === undefined ? [step] : result === null ? [] : [result.step]
  })
}

type Body = Extract<Step, { kind: 'loop' }>['parts'][number]['body']

function joinBody(body: Body, values: readonly Value[], makes: ReadonlySet<number>): Body {
  const joined = new Map<Placed, Placed | null>()
  for (const [product, follower] of pairsIn(
    body.filter(({ sums }) => !sums),
    values,
    value => makes.has(value),
  )) {
    joined.set(product, null)
    joined.set(follower, together(product, follower))
  }
  return body.flatMap(own => {
    const result = joined.get(own)
    if (result === undefined) return [own]
    return result === null ? [] : [{ ...own, step: result.step, moves: result.moves as readonly Moves[] }]
  })
}

/** Products and what follows on each; none is in two pairs. */
function pairsIn<P extends Placed>(
  list: readonly P[],
  values: readonly Value[],
  isKept: (value: number) => boolean,
): [P, P][] {
  const pairs: [P, P][] = []
  const taken = new Set<P>()
  for (const product of list) {
    const { step } = product
    if (step.kind !== 'single' || values[step.makes[0]].role !== 'contract' || isKept(step.makes[0])) continue
    const readers = list.filter(other => other.step.needs.includes(step.makes[0]))
    const [follower] = readers
    if (readers.length !== 1 || follower.step.kind !== 'fused' || taken.has(follower)) continue
    if (!follows(follower.step, values, step.makes[0])) continue
    taken.add(follower)
    pairs.push([product, follower])
  }
  return pairs
}

const follows = (step: Fused, values: readonly Value[], product: number): boolean =>
  isEpilogue({ group: step.group, product: step.buffers.indexOf(product) }, sizeOf(values[product].node.shape))

/** The product and what follows on it as one kernel, whose buffers are the follower's and then the operands. */
function together(product: Placed, follower: Placed): Placed {
  const { makes, reads } = product.step as Single
  const { step } = follower as { step: Fused }
  const [made] = makes
  const needs = new Set([...step.needs.filter(need => need !== made), ...reads.map(({ base }) => base)])
  const joined: ProductStep = {
    ...step,
    kind: 'product',
    needs: [...needs],
    reads,
    product: step.buffers.indexOf(made),
  }
  const moves = product.moves && follower.moves && [...follower.moves, ...product.moves.slice(0, 2)]
  return { step: joined, moves }
}

/** Whether something that `from` makes is needed, on whatever way, by `to`. */
function leadsTo(from: KernelStep, to: KernelStep, steps: readonly Step[]): boolean {
  const reached = new Set(from.makes)
  for (const step of steps)
    if (step !== from && step.needs.some(need => reached.has(need))) {
      if (step === to) return true
      for (const made of step.makes) reached.add(made)
    }
  return false
}
