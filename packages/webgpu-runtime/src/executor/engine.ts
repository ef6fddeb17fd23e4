import type { LoopLimits } from '@surprisal/tensor/backend'
import { GroupRunner } from '../groups/group-runner.ts'
import type { Runtime } from '../runtime.ts'
import { stepOptionsOf } from '../steps/step-options.ts'
import { checkSizes } from './check-size.ts'
import { compilePlan, type PlanOptions } from './compile-plan.ts'
import { PlanCache } from './plan-cache.ts'

/** How a backend plans. */
export interface BackendOptions {
  /** Whether kernels do more than one primitive each; without, one sees what that is worth. @default true */
  readonly fusion?: boolean
  /**
   * When values that are only on their way are made some rows at a time instead of whole.
   * @default above 32 MiB or what the device can bind, in blocks of 16 MiB
   */
  readonly loops?: LoopLimits
}

/** Blocks are large, so that there are few dispatches. */
function loopsOn({ maxBufferSize, maxStorageBufferBindingSize }: Runtime['limits']): LoopLimits {
  const most = Math.min(maxBufferSize, maxStorageBufferBindingSize)
  return { largeBytes: Math.min(2 ** 25, most), blockBytes: Math.min(2 ** 24, most), fewestRows: 64, mostBytes: most }
}

/** What computes plans on one runtime. */
export interface Engine {
  readonly runtime: Runtime
  readonly runner: GroupRunner
  readonly plans: PlanCache
  /** How traces become its kernels. */
  readonly options: PlanOptions
}

/** Nothing is compiled before it is asked for. */
export function createEngine(
  runtime: Runtime,
  { fusion, loops = loopsOn(runtime.limits) }: BackendOptions = {},
): Engine {
  const options = { ...stepOptionsOf(runtime), checkIndices: true, fusion, loops }
  const plans = new PlanCache(traced => {
    const plan = compilePlan(traced, options)
    checkSizes(plan, runtime.limits)
    return plan
  })
  return { runtime, runner: new GroupRunner(runtime), plans, options }
}
