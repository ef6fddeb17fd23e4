import { bytesPerElement } from '../dtype.ts'
import { type KernelStep, type LoopStep, planSteps, type Step } from '../fusion/steps.ts'
import type { Trace } from '../fusion/trace.ts'
import type { Value } from '../fusion/values.ts'
import type { Node } from '../graph/node.ts'
import { sizeOf } from '../shape.ts'
import type { Arena } from './arena.ts'
import type {
  Check,
  CompiledBody,
  CompiledPart,
  CompiledPlan,
  CompiledStep,
  Launch,
  Moving,
  ScalarPatch,
} from './compiled-plan.ts'
import { indexedDim } from './data/lower-data.ts'
import type { KernelCache } from './kernel-cache.ts'
import { isEmittable } from './lanes/index.ts'
import { type LoweredKernel, type LoweredPart, lowerPlan } from './lower-plan.ts'
import { buffersOf, type LowerOptions } from './lower-step.ts'
import { type Phase, scalarsAt, statusBytes, wordsAt } from './lowered.ts'

/** Nanoseconds of work that a thread takes at a time. */
const grainCost = 50_000

/** Whether a unary or binary function can be part of a fused kernel. */
export const isFusible = ({ primitive, inputs }: Node): boolean =>
  (primitive.kind === 'unary' || primitive.kind === 'binary') && isEmittable(primitive.f, inputs[0].dtype)

const roundUp = (bytes: number, unit: number): number => Math.ceil(bytes / unit) * unit

/** Nothing but the block's layout depends on how many scalars a step has. */
const scalarsOf = (step: KernelStep) => (step.kind === 'single' ? [] : step.scalars)

const blockBytes = (step: KernelStep, phase: Phase): number =>
  roundUp(wordsAt(buffersOf(step).length, scalarsOf(step).length) + 4 * phase.words.length, 8)

/** Plans a trace and compiles what kernels it lacks. */
export function compilePlan(
  trace: Trace,
  arena: Arena,
  kernels: KernelCache,
  options: LowerOptions,
  added: (bytes: Uint8Array<ArrayBuffer>) => void,
): CompiledPlan {
  const source = planSteps(trace, isFusible)
  const { values, steps } = source
  const lowered = lowerPlan(source, options)
  const compiled = kernels.compile(
    lowered.kernels.flatMap(kernel => kernel.lowered?.phases ?? []),
    added,
  )
  const numbers = numbersInMemory(steps, values)
  let bytes = 8 * numbers.length
  for (const { step, lowered: own } of lowered.kernels)
    for (const phase of own?.phases ?? []) bytes += blockBytes(step, phase)
  const span = arena.allocate(bytes, 'realize')

  const pointers: number[] = []
  const scalars: ScalarPatch[] = []
  const compiledKernels = new Map<LoweredKernel, CompiledStep>()
  let address = span.address + 8 * numbers.length
  let next = 0
  let scratchBytes = 0
  for (const kernel of lowered.kernels) {
    const { step, workspace } = kernel
    const buffers = buffersOf(step)
    const launches = (kernel.lowered?.phases ?? []).map((phase): Launch => {
      const args = address
      address += blockBytes(step, phase)
      arena.words.fill(0, args / 4, args / 4 + 2)
      buffers.forEach((value, i) => {
        pointers.push(pointerAt(args, i), value)
      })
      if (kernel.lowered && kernel.lowered.workspaceBytes > 0) pointers.push(pointerAt(args, buffers.length), workspace)
      scalarsOf(step).forEach((scalar, i) => {
        scalars.push({ ...scalar, address: args + scalarsAt(buffers.length) + 8 * i })
      })
      arena.words.set(phase.words, (args + wordsAt(buffers.length, scalarsOf(step).length)) / 4)
      scratchBytes = Math.max(scratchBytes, phase.scratchBytes)
      const grain = Math.max(1, Math.floor(grainCost / phase.unitCost))
      return { kernel: compiled[next++], args, units: phase.units, grain, cost: phase.units * phase.unitCost }
    })
    const cost = launches.reduce((sum, launch) => sum + launch.cost, 0)
    compiledKernels.set(kernel, { step, launches, cost, checks: checksOf(step, values) })
  }
  const compiledOf = (kernel: LoweredKernel): CompiledStep => compiledKernels.get(kernel) as CompiledStep
  const compiledSteps = lowered.steps.map(step =>
    'parts' in step ? compileLoop(step.step, step.parts, values, compiledOf) : compiledOf(step),
  )
  return {
    used: 0,
    key: trace.key.slice(),
    source,
    steps: compiledSteps,
    leaves: leavesOf(steps, values.length, value => values[value].role === 'leaf'),
    temporaries: lowered.temporaries,
    temporaryBytes: lowered.temporaryBytes,
    outputBytes: source.outputs.reduce((sum, output) => {
      const { shape, dtype } = values[output].node
      return sum + sizeOf(shape) * bytesPerElement[dtype]
    }, 0),
    addresses: lowered.addresses,
    numbers: numbers.map((value, i) => ({ value, address: span.address + 8 * i })),
    pointers: Int32Array.from(pointers),
    scalars,
    span,
    scratchBytes,
    cost: compiledSteps.reduce((sum, step) => sum + step.cost, 0),
  }
}

const pointerAt = (args: number, buffer: number): number => (args + statusBytes) / 4 + buffer

/** The kernels of a loop, and which words of their blocks follow its counters. */
function compileLoop(
  step: LoopStep,
  parts: readonly LoweredPart[],
  values: readonly Value[],
  compiledOf: (kernel: LoweredKernel) => CompiledStep,
): CompiledStep {
  const batches = step.counts.reduce((product, count) => product * count, 1)
  let cost = 0
  const compiled = parts.map(({ body, ...range }): CompiledPart => {
    const turns = batches * ((range.to - range.from) / range.block)
    return {
      ...range,
      body: body.map(({ first, later, moves }): CompiledBody => {
        const own = [compiledOf(first), ...(later ? [compiledOf(later)] : [])]
        cost += turns * own[0].cost
        const moving = buffersOf(first.step).flatMap((value, i): Moving[] => {
          if (moves[i].every(move => move === 0)) return []
          const bytes = moves[i].map(move => move * bytesPerElement[values[value].node.dtype])
          return own.flatMap(({ launches }) => launches.map(({ args }) => ({ word: pointerAt(args, i), value, bytes })))
        })
        return { first: own[0], later: own[1] ?? null, moving }
      }),
    }
  })
  return { step, launches: [], cost, checks: null, parts: compiled }
}

/** What may find an index out of range, by the number that the status names; over an empty space nothing is found. */
function checksOf(step: KernelStep, values: readonly Value[]): readonly Check[] | null {
  if (step.kind === 'single') {
    const { node } = values[step.makes[0]]
    const reads = step.reads.map(({ base, map }) => ({ dtype: values[base].node.dtype, map }))
    const dim = indexedDim({ primitive: node.primitive, dtype: node.dtype, shape: node.shape, reads })
    return dim && [dim]
  }
  if (sizeOf(step.group.space) === 0 || step.group.instructions.every(({ kind }) => kind !== 'lookup')) return null
  return step.group.instructions.map(instruction => (instruction.kind === 'lookup' ? instruction : null))
}

function leavesOf(steps: readonly Step[], size: number, isLeaf: (value: number) => boolean): number[] {
  const seen = new Set<number>()
  for (const { needs } of steps) for (const need of needs) if (need < size && isLeaf(need)) seen.add(need)
  return [...seen]
}

function numbersInMemory(
  steps: readonly Step[],
  values: { readonly role: string }[] | readonly { readonly role: string }[],
): number[] {
  const seen = new Set<number>()
  for (const { needs } of steps) for (const need of needs) if (values[need].role === 'number') seen.add(need)
  return [...seen]
}
