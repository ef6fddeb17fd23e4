import type { Tensor } from '@surprisal/tensor'
import { exactEvaluator } from '@surprisal/tensor/exact'
import { describeFailure } from '../../../../packages/tensor/src/__fuzz__/__fixtures__/check.ts'
import { type Difference, findDifference } from '../../../../packages/tensor/src/__fuzz__/__fixtures__/compare.ts'
import { usePerturbed } from '../../../../packages/tensor/src/__fuzz__/__fixtures__/perturbed.ts'
import {
  build,
  type Observed,
  type Program,
  run,
} from '../../../../packages/tensor/src/__fuzz__/__fixtures__/program.ts'
import { runOnDevice } from './run-on-device.ts'

/** Perturbed runs until a difference is believed. */
const stages = [4, 12, 48]
/** How many times as far off as a processor a GPU may be: its functions are less exact. */
const slack = 20
/** Float32 results this near, relative to the oracle's, need no further reason. */
const near = 1e-5
/** Below it, floats, and what is computed on the way to them, may be flushed to zero. */
const smallest = 2 ** -124

/** What a comparison of a graph with the oracle says. */
export interface Agreement {
  /** Null, or where they disagree by more than the graph's condition and what is allowed to GPUs explain. */
  readonly failure: string | null
  /** Whether they differ by more than the last digits. */
  readonly isExplained: boolean
}

/** Computes a graph by plain loops in float64 and on the device, and compares all that is read. */
export async function compareGraph(drawn: Program): Promise<Agreement> {
  const program = withoutSubnormals(drawn)
  const expected = await run(program, 'reference')
  let got: Observed[]
  try {
    got = await runOnDevice(program)
  } catch (error) {
    return { failure: describeFailure({ executor: 'the device', error }), isExplained: false }
  }
  for (const [o, { data }] of got.entries()) takeNear(data, expected[o].data)
  const runs: Observed[][] = []
  let difference = findDifference(expected, got)
  for (const count of stages) {
    if (difference === null) break
    for (let i = 0; i < count; i++) {
      usePerturbed(runs.length)
      runs.push(await run(program, 'perturbed'))
    }
    difference = findDifference(expected, got, runs)
  }
  const isExplained = runs.length > 0
  while (difference !== null) {
    if (!isAllowed(program, difference)) return { failure: describeFailure({ difference }), isExplained }
    const { round, value, element, expected: wanted } = difference
    for (const observed of got)
      if (observed.round === round && observed.value === value) observed.data[element] = wanted
    difference = findDifference(expected, got, runs)
  }
  return { failure: null, isExplained }
}

/** Zeros in their place, as a GPU may read them; 1 / 1e-40 is not nearly 1 / 0. */
function withoutSubnormals(program: Program): Program {
  const flushed = (x: number): number => (Math.abs(x) < 2 ** -126 ? 0 * x : x)
  const items = program.items.map(item =>
    item.kind === 'leaf' && item.dtype === 'float32'
      ? { ...item, values: item.values.map(round => round.map(flushed)) }
      : item,
  )
  return { ...program, items }
}

/** Gives elements that are near enough the oracle's value. */
function takeNear(data: Observed['data'], wanted: Observed['data']): void {
  for (const [i, x] of wanted.entries())
    if (Math.abs(data[i] - x) <= Math.max(smallest, near * Math.abs(x))) data[i] = x
}

/**
 * Whether a GPU may differ so. Shader compilers may reorder sums and fuse products with them where that does no harm to
 * the accuracy (W3C, "WebGPU Shading Language", 2025, section 15.7), so what is nearer the value without any rounding
 * than the oracle, which rounds after each function, is right.
 */
function isAllowed(program: Program, { round, value, element, expected, got, tolerance }: Difference): boolean {
  if (element < 0) return false
  if (Math.abs(got - expected) < slack * tolerance) return true
  const tensors: Tensor[] = []
  try {
    for (const item of program.items.slice(0, value + 1)) tensors.push(build(item, tensors, round))
    const [exact] = exactEvaluator([tensors[value]], [])([])
    return Math.abs(got - exact[element]) <= Math.abs(expected - exact[element])
  } finally {
    for (const t of tensors) t.dispose()
  }
}
