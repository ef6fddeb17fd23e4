import {
  bytesPerElement,
  type KernelStep,
  type LoopLimits,
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
import { type Copy, canUnroll, type Turn, unrollLoop } from './unroll-loop.ts'

/** A step and what it runs. */
export interface PlanStep {
  readonly step: KernelStep
  /** Number of the step of the plan's source that it is, or is a turn of. */
  readonly source: number
  /** What messages and profiles call it. */
  readonly name: string
  /** Null where only the primitive's plain loop can do it. */
  readonly lowered: LoweredStep | null
  /** The value in each buffer; null where the kernels need none. */
  readonly buffers: readonly (number | null)[]
  /** First word of its own in the status buffer. */
  readonly status: number
  /** Values that get memory before it. */
  readonly makes: readonly number[]
  /** What is copied before it and after it. */
  readonly before: readonly Copy[]
  readonly after: readonly Copy[]
  /** Values that nothing needs afterwards, whose memory is the plan's. */
  readonly dying: readonly number[]
}

/** How traces become plans. */
export interface PlanOptions extends StepOptions {
  /** Whether kernels do more than one primitive each. @default true */
  readonly fusion?: boolean
  /** When values that are only on their way are made some rows at a time. @default never */
  readonly loops?: LoopLimits
}

/** What to run for a trace, whatever its values and numbers are. */
export interface Plan {
  /** When it was used last. */
  used: number
  readonly key: Int32Array
  readonly source: Steps
  /** Kernels in order; a loop is those of all its turns. */
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

/** Everything stays whole. */
const noLoops: LoopLimits = {
  largeBytes: Number.POSITIVE_INFINITY,
  blockBytes: Number.POSITIVE_INFINITY,
  fewestRows: 1,
}

export const bytesOf = (value: Value): number => elementsIn(value) * bytesPerElement[value.node.dtype]

/** Plans a trace and chooses the kernels of every step. */
export function compilePlan(traced: Trace, options: PlanOptions): Plan {
  const { fusion, loops = noLoops } = options
  const given = planSteps(traced, isFusible, { ...loops, canLoop: canUnroll }, fusion)
  const values = [...given.values]
  const source = { ...given, values }
  const { steps, outputs } = source
  const checks: IndexCheck[] = []
  const dying = lastNeeds(steps, source)
  const planned: PlanStep[] = []
  const lower = (step: KernelStep, accumulate: boolean) => lowerStep(step, values, { ...options, accumulate })
  for (const [at, own] of steps.entries()) {
    const turns = own.kind === 'loop' ? (unrollLoop(own, values, lower) as Turn[]) : [turnOf(own, lower(own, false))]
    const statuses = new Map<string, number>()
    for (const [number, { step, lowered, dying: dead, ...turn }] of turns.entries()) {
      const product = step.kind === 'product' ? step.product : -1
      const key = step.makes.join()
      const status = statuses.get(key) ?? checks.length * wordsPerCheck
      if (!statuses.has(key)) checks.push(...(lowered?.checks ?? []))
      statuses.set(key, status)
      const buffers = buffersOf(step).map((value, i) => (i === product ? null : value))
      const over = number === turns.length - 1 ? dying[at] : []
      planned.push({
        step,
        source: at,
        name: labelOf(step, values),
        lowered,
        buffers,
        status,
        ...turn,
        dying: [...dead, ...over],
      })
    }
  }
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

/** A step that is no loop. */
const turnOf = (step: KernelStep, lowered: LoweredStep | null): Omit<Turn, 'lowered'> & Pick<PlanStep, 'lowered'> => ({
  step,
  lowered,
  makes: step.makes,
  before: [],
  after: [],
  dying: [],
})

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
  for (const { makes, lowered, dying } of steps) {
    for (const value of makes) if (!outputs.includes(value)) live += bytesOf(values[value])
    const workspace = lowered?.workspaces.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0
    most = Math.max(most, live + workspace)
    for (const value of dying) if (values[value].role !== 'number') live -= bytesOf(values[value])
  }
  return most
}
