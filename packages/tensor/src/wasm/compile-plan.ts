import { planSteps, type Step } from '../fusion/steps.ts'
import type { Trace } from '../fusion/trace.ts'
import type { Value } from '../fusion/values.ts'
import type { Node } from '../graph/node.ts'
import { sizeOf } from '../shape.ts'
import type { Arena } from './arena.ts'
import type { Check, CompiledPlan, CompiledStep, ScalarPatch } from './compiled-plan.ts'
import { indexedDim } from './data/lower-data.ts'
import type { KernelCache } from './kernel-cache.ts'
import { isEmittable } from './lanes/index.ts'
import { buffersOf, type LowerOptions, lowerStep } from './lower-step.ts'
import { type Phase, scalarsAt, statusBytes, wordsAt } from './lowered.ts'
import { planMemory } from './memory-plan.ts'

/** Nanoseconds of work that a thread takes at a time. */
const grainCost = 50_000

/** Whether a unary or binary function can be part of a fused kernel. */
export const isFusible = ({ primitive, inputs }: Node): boolean =>
  (primitive.kind === 'unary' || primitive.kind === 'binary') && isEmittable(primitive.f, inputs[0].dtype)

const roundUp = (bytes: number, unit: number): number => Math.ceil(bytes / unit) * unit

/** Nothing but the block's layout depends on how many scalars a step has. */
const scalarsOf = (step: Step) => (step.kind === 'fused' ? step.scalars : [])

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
  const lowered = steps.map(step => lowerStep(step, values, options))
  const phases = lowered.flatMap(kernel => kernel?.phases ?? [])
  const compiled = kernels.compile(phases, added)
  const memory = planMemory(
    source,
    lowered.map(kernel => kernel?.workspaceBytes ?? 0),
  )

  const numbers = numbersInMemory(steps, source.values)
  const blockBytes = (step: Step, phase: Phase): number =>
    roundUp(wordsAt(buffersOf(step).length, scalarsOf(step).length) + 4 * phase.words.length, 8)
  let bytes = 8 * numbers.length
  steps.forEach((step, at) => {
    for (const phase of lowered[at]?.phases ?? []) bytes += blockBytes(step, phase)
  })
  const span = arena.allocate(bytes, 'realize')

  const pointers: number[] = []
  const scalars: ScalarPatch[] = []
  const temporaries: [number, number][] = [...memory.offsets]
  const workspaceValue = (at: number): number => values.length + at
  for (const [at, offset] of memory.workspaces) temporaries.push([workspaceValue(at), offset])
  let address = span.address + 8 * numbers.length
  let kernel = 0
  let scratchBytes = 0
  let cost = 0
  const compiledSteps = steps.map((step, at): CompiledStep => {
    const buffers = buffersOf(step)
    const launches = (lowered[at]?.phases ?? []).map(phase => {
      const args = address
      address += blockBytes(step, phase)
      arena.words.fill(0, args / 4, args / 4 + 2)
      buffers.forEach((value, i) => {
        pointers.push((args + statusBytes) / 4 + i, value)
      })
      if (memory.workspaces.has(at)) pointers.push((args + statusBytes) / 4 + buffers.length, workspaceValue(at))
      scalarsOf(step).forEach((scalar, i) => {
        scalars.push({ ...scalar, address: args + scalarsAt(buffers.length) + 8 * i })
      })
      arena.words.set(phase.words, (args + wordsAt(buffers.length, scalarsOf(step).length)) / 4)
      scratchBytes = Math.max(scratchBytes, phase.scratchBytes)
      const total = phase.units * phase.unitCost
      cost += total
      const grain = Math.max(1, Math.floor(grainCost / phase.unitCost))
      return { kernel: compiled[kernel++], args, units: phase.units, grain, cost: total }
    })
    return { step, launches, checks: checksOf(step, values) }
  })
  return {
    key: trace.key.slice(),
    source,
    steps: compiledSteps,
    leaves: leavesOf(steps, values.length, value => values[value].role === 'leaf'),
    temporaries,
    temporaryBytes: memory.bytes,
    numbers: numbers.map((value, i) => ({ value, address: span.address + 8 * i })),
    pointers: Int32Array.from(pointers),
    scalars,
    span,
    scratchBytes,
    cost,
  }
}

/** What may find an index out of range, by the number that the status names; over an empty space nothing is found. */
function checksOf(step: Step, values: readonly Value[]): readonly Check[] | null {
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
