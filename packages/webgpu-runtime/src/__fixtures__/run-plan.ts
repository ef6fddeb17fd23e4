import { realize, setExecutor, type Tensor } from '@surprisal/tensor'
import {
  bytesPerElement,
  type DType,
  type HostArray,
  hostArray,
  type KernelKind,
  labelOf,
  type Node,
  nodeOf,
  planSteps,
  type Read,
  referenceKernels,
  type Scalar,
  type Step,
  sizeOf,
  trace,
} from '@surprisal/tensor/backend'
import { registerReference } from '@surprisal/tensor/reference'
import type { DeviceBuffer } from '../buffers/pool.ts'
import { GroupRunner } from '../groups/group-runner.ts'
import type { Runtime } from '../runtime.ts'
import { buffersOf, lowerStep } from '../steps/lower-step.ts'
import type { LoweredStep, StepOptions } from '../steps/lowered-step.ts'
import { stepOptionsOf } from '../steps/step-options.ts'
import { packElements, unpackElements } from '../wgsl/elements-of-host.ts'
import { isFusible } from '../wgsl/fusible.ts'
import type { GroupKernel } from '../wgsl/group-kernel.ts'
import { type IndexCheck, wordsPerCheck, wrongIndex } from '../wgsl/index-checks.ts'
import { scalarWords } from '../wgsl/scalar-words.ts'

/** Kernels of the steps of the last plan, for tests that look at them. */
export interface PlanRun {
  readonly results: HostArray[]
  readonly kernels: GroupKernel[]
  readonly steps: readonly Step[]
  /** How many steps ran as plain loops. */
  readonly plain: number
}

const runners = new WeakMap<Runtime, GroupRunner>()

function runnerFor(runtime: Runtime): GroupRunner {
  const known = runners.get(runtime) ?? new GroupRunner(runtime)
  runners.set(runtime, known)
  return known
}

/** Computes tensors: every step of their plan that has kernels on the GPU, every other by plain loops. */
export async function runPlan(
  runtime: Runtime,
  tensors: readonly Tensor[],
  options: Partial<StepOptions> = {},
): Promise<PlanRun> {
  const runner = runnerFor(runtime)
  const traced = trace(tensors.map(t => nodeOf(t, 'runPlan')))
  const { values, steps, outputs } = planSteps(traced, isFusible)
  const buffers = new Map<number, DeviceBuffer>()
  const all: DeviceBuffer[] = []
  const kernels: GroupKernel[] = []
  let plain = 0
  const own = (buffer: DeviceBuffer): DeviceBuffer => {
    all.push(buffer)
    return buffer
  }
  const nodeAt = (value: number): Node => traced.nodes[values[value].position]
  const sizeAt = (value: number): number => (values[value].role === 'number' ? 1 : sizeOf(values[value].node.shape))
  const dtypeAt = (value: number): DType => values[value].node.dtype
  const bufferOf = (value: number): DeviceBuffer => {
    const known = buffers.get(value)
    if (known) return known
    const { storage, primitive } = nodeAt(value)
    const data = storage ? (storage.place as HostArray) : Float32Array.of((primitive as { value: number }).value)
    const made = own(runtime.upload(packElements(dtypeAt(value), data)))
    buffers.set(value, made)
    return made
  }
  const make = (value: number): DeviceBuffer => {
    const made = own(runtime.alloc(sizeAt(value) * bytesPerElement[dtypeAt(value)]))
    buffers.set(value, made)
    return made
  }
  const host = async (value: number): Promise<HostArray> =>
    unpackElements(dtypeAt(value), await runtime.read(bufferOf(value)), sizeAt(value))
  const wordsOf = ({ position, what }: Scalar) => scalarWords(traced.nodes[position], what)

  const reports: { readonly checks: readonly IndexCheck[]; readonly status: DeviceBuffer }[] = []
  const statusFor = ({ checks }: LoweredStep): DeviceBuffer => {
    const status = own(runtime.alloc(Math.max(1, checks.length) * wordsPerCheck * 4))
    runtime.clear(status)
    reports.push({ checks, status })
    return status
  }
  const byLoop = async ({ reads }: Extract<Step, { kind: 'single' }>, made: number): Promise<void> => {
    const { primitive, op, dtype, shape } = values[made].node
    const operands = await Promise.all(
      reads.map(async read => operandOf(await host(read.base), dtypeAt(read.base), read)),
    )
    const out = hostArray(dtype, sizeOf(shape))
    referenceKernels[primitive.kind as KernelKind](
      { primitive, op, dtype, shape, operands: [], output: 0 },
      operands,
      out,
    )
    buffers.set(made, own(runtime.upload(packElements(dtype, out))))
    plain += 1
  }

  for (const step of steps) {
    if (step.kind === 'loop') throw new Error('runPlan: values are too large for a test')
    for (const value of step.makes) make(value)
    const lowered = lowerStep(step, values, { ...stepOptionsOf(runtime), adapter: 'unknown', ...options })
    if (!lowered) {
      const [made] = step.makes
      await byLoop(step as Extract<Step, { kind: 'single' }>, made)
      continue
    }
    const product = step.kind === 'product' ? step.product : -1
    const run = runner.runStep({
      name: labelOf(step, values),
      step: lowered,
      buffers: buffersOf(step).map((value, i) => (i === product ? null : bufferOf(value))),
      scalars: step.kind === 'single' ? [] : step.scalars.map(wordsOf),
      status: { buffer: statusFor(lowered), first: 0 },
    })
    kernels.push(...run)
  }
  const results = await Promise.all(outputs.map(host))
  const words = await runtime.readAll(reports.map(({ status }) => ({ buffer: status })))
  for (const buffer of all) buffer.free()
  for (const [i, { checks }] of reports.entries()) {
    const error = wrongIndex(checks, new Uint32Array(words[i]))
    if (error) throw error
  }
  return { results, kernels, steps, plain }
}

/** An operand of a plain loop; one whose dims `contract` joins is copied, as its strides cannot say that. */
function operandOf(data: HostArray, dtype: DType, { map, groups }: Read) {
  if (!groups) return { data, dtype, map }
  const dense = hostArray(dtype, sizeOf(map.shape))
  for (let i = 0; i < dense.length; i++) {
    let [rest, at] = [i, map.offset]
    for (let d = map.shape.length - 1; d >= 0; d--) {
      at += (rest % map.shape[d]) * map.strides[d]
      rest = Math.floor(rest / map.shape[d])
    }
    dense[i] = data[at]
  }
  let first = 0
  const shape = groups.map(count => {
    first += count
    return sizeOf(map.shape.slice(first - count, first))
  })
  const strides = [shape[1] * shape[2], shape[2], 1]
  return { data: dense, dtype, map: { shape, strides, offset: 0, guard: null } }
}

/** What the plain loops give for the same tensors, which must not have been computed. */
export async function byReference(tensors: readonly Tensor[]): Promise<HostArray[]> {
  registerReference()
  setExecutor('reference')
  try {
    await realize(...tensors)
    return await Promise.all(tensors.map(t => t.data()))
  } finally {
    setExecutor('wasm')
  }
}
