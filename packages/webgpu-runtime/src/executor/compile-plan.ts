import {
  bytesPerElement,
  type KernelStep,
  labelOf,
  planSteps,
  type Step,
  type Steps,
  type Trace,
  type Value,
} from '@surprisal/tensor/backend'
import { buffersOf, elementsIn, lowerStep } from '../steps/lower-step.ts'
import type { LoweredStep, StepOptions } from '../steps/lowered-step.ts'
import { isFusible } from '../wgsl/fusible.ts'
import { type IndexCheck, wordsPerCheck } from '../wgsl/index-checks.ts'

/** A step and what it runs. */
export interface PlanStep {
  readonly step: KernelStep
  /** What messages and profiles call it. */
  readonly name: string
  /** Null where only the primitive's plain loop can do it. */
  readonly lowered: LoweredStep | null
  /** The value in each buffer; null where the kernels need none. */
  readonly buffers: readonly (number | null)[]
  /** First word of its own in the status buffer. */
  readonly status: number
  /** Values that nothing needs afterwards, whose memory is the plan's. */
  readonly dying: readonly number[]
}

/** What to run for a trace, whatever its values and numbers are. */
export interface Plan {
  /** When it was used last. */
  used: number
  readonly key: Int32Array
  readonly source: Steps
  readonly steps: readonly PlanStep[]
  /** Values that are there already. */
  readonly leaves: readonly number[]
  /** Numbers that kernels read from memory. */
  readonly numbers: readonly number[]
  /** Of all steps, one behind the other. */
  readonly checks: readonly IndexCheck[]
  /** Bytes of intermediate results at once, and of results. */
  readonly temporaryBytes: number
  readonly outputBytes: number
}

/** Everything stays whole: on a GPU large values cost no more than small ones. */
const noLoops = { largeBytes: Number.POSITIVE_INFINITY, blockBytes: Number.POSITIVE_INFINITY, fewestRows: 1 }

export const bytesOf = (value: Value): number => elementsIn(value) * bytesPerElement[value.node.dtype]

/** Plans a trace and chooses the kernels of every step. */
export function compilePlan(traced: Trace, options: StepOptions): Plan {
  const source = planSteps(traced, isFusible, noLoops)
  const { values, outputs } = source
  const steps = source.steps as readonly KernelStep[]
  const checks: IndexCheck[] = []
  const dying = lastNeeds(steps, source)
  const planned = steps.map((step, at): PlanStep => {
    const lowered = lowerStep(step, values, options)
    const product = step.kind === 'product' ? step.product : -1
    const status = checks.length * wordsPerCheck
    checks.push(...(lowered?.checks ?? []))
    const buffers = buffersOf(step).map((value, i) => (i === product ? null : value))
    return { step, name: labelOf(step, values), lowered, buffers, status, dying: dying[at] }
  })
  const needed = [...new Set(steps.flatMap(({ needs }) => needs))]
  return {
    used: 0,
    key: traced.key.slice(),
    source,
    steps: planned,
    leaves: needed.filter(value => values[value].role === 'leaf'),
    numbers: needed.filter(value => values[value].role === 'number'),
    checks,
    temporaryBytes: mostAtOnce(planned, source),
    outputBytes: outputs.reduce((sum, value) => sum + bytesOf(values[value]), 0),
  }
}

/** For each step the values that are needed there for the last time. */
function lastNeeds(steps: readonly Step[], { values, outputs }: Steps): number[][] {
  const last = new Map<number, number>()
  steps.forEach(({ needs, makes }, at) => {
    for (const value of [...makes, ...needs]) last.set(value, at)
  })
  const dying: number[][] = steps.map(() => [])
  for (const [value, at] of last) if (values[value].role !== 'leaf' && !outputs.includes(value)) dying[at].push(value)
  return dying
}

function mostAtOnce(steps: readonly PlanStep[], { values, outputs }: Steps): number {
  let live = 0
  let most = 0
  for (const { step, lowered, dying } of steps) {
    for (const value of step.makes) if (!outputs.includes(value)) live += bytesOf(values[value])
    const workspace = lowered?.workspaces.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0
    most = Math.max(most, live + workspace)
    for (const value of dying) if (values[value].role !== 'number') live -= bytesOf(values[value])
  }
  return most
}
