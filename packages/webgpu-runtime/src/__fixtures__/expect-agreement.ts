import type { Tensor } from '@surprisal/tensor'
import { expect } from 'vitest'
import type { Runtime } from '../runtime.ts'
import type { StepOptions } from '../steps/lowered-step.ts'
import { byReference, type PlanRun, runPlan } from './run-plan.ts'

/** Below it, floats, and what is computed on the way to them, may be flushed to zero. */
const smallest = 2 ** -124

/** How results are compared. */
export interface AgreementOptions {
  /** Largest relative difference of floats; 0 for equal numbers, of which zero has no sign. @default 0 */
  readonly tolerance?: number
  /** Difference that is always allowed. @default about the smallest normal float */
  readonly absolute?: number
  /** How steps are lowered. @default as for any GPU */
  readonly lower?: Partial<StepOptions>
}

/** What the GPU computes for the tensors that `make` builds is what plain loops in float64 compute. */
export async function expectAgreement(
  runtime: Runtime,
  make: () => Tensor[],
  options: AgreementOptions = {},
): Promise<PlanRun> {
  const { tolerance = 0, absolute = smallest, lower } = options
  const run = await runPlan(runtime, make(), lower)
  const wanted = await byReference(make())
  wanted.forEach((want, t) => {
    const got = run.results[t]
    expect(got.length).toBe(want.length)
    const wrong = want.findIndex((x, i) => !agrees(got[i], x, tolerance, absolute))
    if (wrong >= 0) expect(`${got[wrong]} at ${wrong}`).toBe(`${want[wrong]} at ${wrong}`)
  })
  return run
}

function agrees(got: number, want: number, tolerance: number, absolute: number): boolean {
  if (got === want || Object.is(got, want)) return true
  return Math.abs(got - want) <= Math.max(absolute, tolerance * Math.abs(want))
}
