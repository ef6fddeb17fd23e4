import { type Group, operandsOf } from '../../fusion/group.ts'
import { heavy, weightOf } from './weights.ts'

/** One way through a row. */
export interface Sweep {
  /** Values of elements to compute, in order. */
  readonly computed: number[]
  /** Values of elements that an earlier sweep has kept. */
  readonly recalled: readonly number[]
  /** Reductions that it makes. */
  readonly reductions: readonly number[]
  readonly stores: readonly number[]
  /** Values of rows that follow from it, in order. */
  readonly afterwards: readonly number[]
}

/** How the values of a group of rows are computed. */
export interface Sweeps {
  /** Values of rows that need no sweep. */
  readonly before: readonly number[]
  readonly sweeps: readonly Sweep[]
  /** Values of elements that are kept from one sweep to later ones. */
  readonly kept: readonly number[]
}

/**
 * Sorts values into sweeps over a row: a sweep can use the reductions of those before it. A value of elements that
 * several sweeps need is computed again, unless it is costly: then the first keeps it for the others.
 *
 * @param inElements which values are one per element
 * @param mayKeep whether there is room to keep values
 */
export function planSweeps(group: Group, inElements: readonly boolean[], mayKeep: boolean): Sweeps {
  const { instructions, stores } = group
  const depth: number[] = []
  for (const instruction of instructions) {
    const deepest = Math.max(0, ...operandsOf(instruction).map(x => depth[x]))
    depth.push(instruction.kind === 'reduce' ? deepest + 1 : deepest)
  }
  const numbers = instructions.map((_, i) => i)
  const inRows = numbers.filter(i => !inElements[i] && instructions[i].kind !== 'reduce')
  const reductionsOf = (sweep: number) =>
    numbers.filter(i => instructions[i].kind === 'reduce' && depth[i] === sweep + 1)
  const storesOf = (sweep: number) =>
    stores.flatMap(({ value, each }, s) => (each === 'element' && depth[value] === sweep ? [s] : []))
  const count = Math.max(
    0,
    ...numbers.filter(i => instructions[i].kind === 'reduce').map(i => depth[i]),
    ...stores.map(({ value, each }) => (each === 'element' ? depth[value] + 1 : 0)),
  )

  const weights: number[] = []
  for (const i of numbers) {
    const operands = operandsOf(instructions[i]).filter(x => inElements[x])
    weights.push(weightOf(instructions[i]) + operands.reduce((sum, x) => sum + weights[x], 0))
  }
  const done = new Set<number>()
  const kept = new Set<number>()
  const sweeps: Sweep[] = []
  for (let sweep = 0; sweep < count; sweep++) {
    const reductions = reductionsOf(sweep)
    const sweepStores = storesOf(sweep)
    const computed = new Set<number>()
    const recalled = new Set<number>()
    const need = (i: number): void => {
      if (!inElements[i] || computed.has(i) || recalled.has(i)) return
      if (mayKeep && done.has(i) && weights[i] >= heavy) {
        recalled.add(i)
        kept.add(i)
        return
      }
      for (const x of operandsOf(instructions[i])) need(x)
      computed.add(i)
    }
    for (const i of reductions) for (const x of operandsOf(instructions[i])) need(x)
    for (const s of sweepStores) need(stores[s].value)
    for (const i of computed) done.add(i)
    sweeps.push({
      computed: [...computed].sort((a, b) => a - b),
      recalled: [...recalled],
      reductions,
      stores: sweepStores,
      afterwards: inRows.filter(i => depth[i] === sweep + 1),
    })
  }
  return { before: inRows.filter(i => depth[i] === 0), sweeps, kept: [...kept] }
}
