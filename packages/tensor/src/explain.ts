import { bytesPerElement } from './dtype.ts'
import { labelOf, opsOf } from './fusion/label.ts'
import { planSteps, type Step } from './fusion/steps.ts'
import { trace } from './fusion/trace.ts'
import type { Value } from './fusion/values.ts'
import { pendingTargets } from './graph/pending.ts'
import { asTensor } from './operand.ts'
import { type Shape, sizeOf } from './shape.ts'
import { nodeOf, type TensorLike } from './tensor.ts'
import { isFusible } from './wasm/compile-plan.ts'
import { lowerPlan } from './wasm/lower-plan.ts'

/** One kernel of a plan. */
export interface ExplainedGroup {
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
}

/** What a read would do. */
export interface Explanation {
  readonly groups: readonly ExplainedGroup[]
  /** Bytes of intermediate results at once. */
  readonly temporaryBytes: number
  /** The plan as a table. */
  toString(): string
}

const reasonOf = (value: number, { outputs, steps, values }: ReturnType<typeof planSteps>): string => {
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
  const spaces = [maker, readers[0]].map(step => (step && 'group' in step ? sizeOf(step.group.space) : null))
  const same = spaces[0] !== null && spaces[0] === spaces[1]
  return `${node.op}: read by a kernel over ${same ? 'the same space, which cannot hold it' : 'another space'}`
}

/**
 * The plan of a read, without running it: which kernels, over what, what is stored and why. A tensor that has been
 * computed has an empty plan.
 * @param tensors one or several, as for `realize`
 */
export function explain(...tensors: TensorLike[]): Explanation {
  const nodes = tensors.map((tensor, i) => nodeOf(asTensor('explain', `tensor ${i}`, tensor), 'explain'))
  const plan = planSteps(trace(pendingTargets(nodes).targets), isFusible)
  const { values, steps } = plan
  const bytesOf = (value: number): number => {
    const { shape, dtype } = values[value].node
    return sizeOf(shape) * bytesPerElement[dtype]
  }
  const total = (list: readonly number[]): number => list.reduce((sum, value) => sum + bytesOf(value), 0)
  const groups = steps.map(
    (step): ExplainedGroup => ({
      ...kindOf(step, values),
      bytesRead: total(step.needs),
      bytesWritten: total(step.makes),
      stores: step.makes.map(value => reasonOf(value, plan)),
    }),
  )
  const { temporaryBytes } = lowerPlan(plan, { relaxed: false, threads: 1 })
  const lines = groups.map(
    ({ bytesRead, bytesWritten, stores }, i) =>
      `${i}: ${labelOf(steps[i], values)}  reads ${bytesRead} B, writes ${bytesWritten} B\n     ${stores.join('\n     ')}`,
  )
  return { groups, temporaryBytes, toString: () => [...lines, `temporary: ${temporaryBytes} B`].join('\n') }
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
