import type { Device } from './device.ts'
import { bytesPerElement } from './dtype.ts'
import { labelOf, opsOf } from './fusion/label.ts'
import type { Step, Steps } from './fusion/steps.ts'
import type { Value } from './fusion/values.ts'
import { type Shape, sizeOf } from './shape.ts'

/** One kernel of a plan. */
export interface ExplainedGroup {
  readonly device: Device
  /** `pointwise`, `rows` or `columns` for fused kernels, otherwise the primitive. */
  readonly kind: string
  /** The functions in it, in the order in which they are computed. */
  readonly ops: readonly string[]
  /** The space it goes through. */
  readonly shape: Shape
  /** Bytes that it reads and writes at least. */
  readonly bytesRead: number
  readonly bytesWritten: number
  /** Why each value that it stores is in memory. */
  readonly stores: readonly string[]
  /** Shaders that a GPU runs for it; null where the host computes it. Left out on the CPU. */
  readonly dispatches?: number | null
}

/** What a read would do. */
export interface Explanation {
  readonly groups: readonly ExplainedGroup[]
  /** Bytes of intermediate results at once. */
  readonly temporaryBytes: number
  /** The plan as a table. */
  toString(): string
}

/** What a device does with the steps of a plan. */
export interface StepsOnDevice {
  readonly device: Device
  readonly temporaryBytes: number
  /** For each step how a GPU runs it, null where the host does. @default the CPU runs each in a call */
  readonly kernels?: readonly ({ readonly dispatches: number } | null)[]
}

/** The explanation of a plan that a device has made. */
export function explainSteps(plan: Steps, { device, temporaryBytes, kernels }: StepsOnDevice): Explanation {
  const { values, steps } = plan
  const bytesOf = (value: number): number => {
    const { shape, dtype } = values[value].node
    return sizeOf(shape) * bytesPerElement[dtype]
  }
  const total = (list: readonly number[]): number => list.reduce((sum, value) => sum + bytesOf(value), 0)
  const groups = steps.map(
    (step, i): ExplainedGroup => ({
      device,
      ...kindOf(step, values),
      bytesRead: total(step.needs),
      bytesWritten: total(step.makes),
      stores: step.makes.map(value => reasonOf(value, plan)),
      ...(kernels && { dispatches: kernels[i]?.dispatches ?? null }),
    }),
  )
  const lines = groups.map(({ bytesRead, bytesWritten, stores, dispatches }, i) => {
    const runs = dispatches === null ? ', on the host' : dispatches === undefined ? '' : `, ${count(dispatches)}`
    const head = `${i}: ${labelOf(steps[i], values)}  reads ${bytesRead} B, writes ${bytesWritten} B${runs}`
    return [head, ...stores].join('\n     ')
  })
  const all = kernels && count(groups.reduce((sum, { dispatches }) => sum + (dispatches ?? 0), 0))
  const last = `temporary: ${temporaryBytes} B${all ? `, ${all} on ${device}` : ''}`
  return { groups, temporaryBytes, toString: () => [...lines, last].join('\n') }
}

const count = (dispatches: number): string => `${dispatches} dispatch${dispatches === 1 ? '' : 'es'}`

function reasonOf(value: number, { outputs, steps, values }: Steps): string {
  const { node } = values[value]
  if (outputs.includes(value)) return `${node.op}: asked for`
  const readers = steps.filter(step => step.needs.includes(value))
  for (const reader of readers) {
    if (reader.kind === 'single')
      return `${node.op}: read by ${values[reader.makes[0]].node.primitive.kind}, which does not fuse`
    if (reader.kind === 'product' && reader.reads.some(({ base }) => base === value))
      return `${node.op}: read by contract, which does not fuse`
  }
  if (readers.length > 1) return `${node.op}: read by ${readers.length} kernels`
  if (readers[0]?.kind === 'loop') return `${node.op}: read by a loop over rows`
  const maker = steps.find(step => step.makes.includes(value))
  if (maker?.kind === 'single') return `${node.op}: made by ${node.primitive.kind}, which does not fuse`
  const spaces = [maker, readers[0]].map(step => (step && 'group' in step ? sizeOf(step.group.space) : null))
  const same = spaces[0] !== null && spaces[0] === spaces[1]
  return `${node.op}: read by a kernel over ${same ? 'the same space, which cannot hold it' : 'another space'}`
}

function kindOf(step: Step, values: readonly Value[]): Pick<ExplainedGroup, 'kind' | 'ops' | 'shape'> {
  if (step.kind === 'loop') {
    const inner = step.parts[0].body.map(body => kindOf(body.step, values))
    return { kind: 'loop', ops: inner.flatMap(({ ops }) => ops), shape: [...step.counts, step.parts[0].to] }
  }
  if (step.kind === 'product') return { kind: 'contract', ops: opsOf(step), shape: step.group.space }
  if (step.kind === 'fused') return { kind: step.group.kind, ops: opsOf(step), shape: step.group.space }
  const { node } = values[step.makes[0]]
  return { kind: node.primitive.kind, ops: [node.op], shape: node.shape }
}
