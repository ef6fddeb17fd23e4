import { type DType, type HostArray, hostArray, isFloat, roundToHalf } from '../dtype.ts'
import type { Executor } from '../executor.ts'
import type { PrimitiveKind } from '../graph/node.ts'
import { createStorage } from '../graph/storage.ts'
import type { Kernel, Plan } from '../plan.ts'
import { schedule } from '../schedule.ts'
import { sizeOf } from '../shape.ts'
import { contract } from './contract.ts'
import { binary, cast, select, unary } from './elementwise.ts'
import { host } from './host.ts'
import { gather, scatter } from './indexing.ts'
import type { ElementArray, KernelFunction } from './kernel-function.ts'
import { createPool } from './pool.ts'
import { reduce } from './reduce.ts'
import { scan } from './scan.ts'
import { put, take } from './slices.ts'
import { argsort } from './sort.ts'
import { cat, iota, random } from './sources.ts'
import { fold, view } from './views.ts'

/** Kinds that become kernels; the others are values already in memory or names for other nodes. */
export type KernelKind = Exclude<PrimitiveKind, 'leaf' | 'constant' | 'rule'>

/** The plain loops of every primitive. */
export const referenceKernels: Readonly<Record<KernelKind, KernelFunction>> = {
  iota,
  random,
  unary,
  binary,
  select,
  cast,
  view,
  fold,
  reduce,
  scan,
  contract,
  gather,
  scatter,
  take,
  put,
  argsort,
  cat,
  host,
}

/** Kinds that only move elements: a half stays a half. */
const moves = new Set<PrimitiveKind>(['select', 'view', 'gather', 'take', 'cat'])

const poolLimit = 256 * 2 ** 20

/** Options of {@link createReferenceExecutor}. */
export interface ReferenceOptions {
  /** Name in the registry of executors. @default 'reference' */
  readonly name?: string
  /** Kernels to use instead of the plain loops. @default {} */
  readonly overrides?: Partial<Record<PrimitiveKind, KernelFunction>>
}

/** An executor that can also compute without rounding. */
export interface ReferenceExecutor extends Executor {
  /** Runs a plan; the arrays of its outputs are the caller's. */
  run(plan: Plan): HostArray[]
  /**
   * Runs a plan with every float in float64 and no rounding, by the plain loops. `inputs` replaces the data of
   * input slots; slots it does not name keep the plan's own.
   */
  runExact(plan: Plan, inputs?: ReadonlyMap<number, Float64Array>): ElementArray[]
}

interface Storage {
  allocate(dtype: DType, size: number): ElementArray
  free(array: ElementArray): void
}

function roundHalves(out: ElementArray): void {
  for (let i = 0; i < out.length; i++) out[i] = roundToHalf(out[i])
}

function runPlan(
  plan: Plan,
  inputs: readonly { slot: number; data: ElementArray }[],
  table: Readonly<Record<KernelKind, KernelFunction>>,
  { allocate, free }: Storage,
): ElementArray[] {
  const slots = new Array<ElementArray>(plan.slots)
  const owned = new Set<number>()
  for (const { slot, data } of inputs) slots[slot] = data
  plan.kernels.forEach((kernel: Kernel, k) => {
    const out = allocate(kernel.dtype, sizeOf(kernel.shape))
    const operands = kernel.operands.map(({ slot, dtype, map }) => ({ data: slots[slot], dtype, map }))
    table[kernel.primitive.kind as KernelKind](kernel, operands, out)
    if (kernel.dtype === 'float16' && out instanceof Float32Array && !moves.has(kernel.primitive.kind)) roundHalves(out)
    slots[kernel.output] = out
    owned.add(kernel.output)
    for (const slot of plan.dying[k]) free(slots[slot])
  })
  return plan.outputs.map(slot => (owned.has(slot) ? slots[slot] : slots[slot].slice()))
}

/**
 * The executor of plain loops: float64 arithmetic, each result rounded or wrapped to its dtype when it is
 * stored. It is the oracle that faster executors are compared with, and complete by itself.
 */
export function createReferenceExecutor({
  name = 'reference',
  overrides = {},
}: ReferenceOptions = {}): ReferenceExecutor {
  const table: Readonly<Record<KernelKind, KernelFunction>> = { ...referenceKernels, ...overrides }
  const pool = createPool(poolLimit)
  const pooled: Storage = { allocate: pool.take, free: pool.give }
  const exact: Storage = {
    allocate: (dtype, size) => (isFloat(dtype) ? new Float64Array(size) : hostArray(dtype, size)),
    free: () => {},
  }
  const run = (plan: Plan) => runPlan(plan, plan.inputs, table, pooled) as HostArray[]
  return {
    name,
    run,
    *evaluate(targets, op) {
      const taken = new Set<HostArray>()
      return run(schedule(targets, op)).map((result, i) => {
        const data = taken.has(result) ? result.slice() : result
        taken.add(data)
        return createStorage(targets[i].dtype, data.length, data)
      })
    },
    runExact(plan, given = new Map()) {
      const inputs = plan.inputs.map(({ slot, data }) => ({
        slot,
        data: given.get(slot) ?? (data instanceof Float32Array ? Float64Array.from(data) : data),
      }))
      return runPlan(plan, inputs, referenceKernels, exact)
    },
  }
}
