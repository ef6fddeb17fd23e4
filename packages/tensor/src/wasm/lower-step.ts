import type { DType } from '../dtype.ts'
import type { KernelStep } from '../fusion/steps.ts'
import type { Read, Value } from '../fusion/values.ts'
import { lowerGroup } from './codegen/lower-group.ts'
import { lowerData } from './data/lower-data.ts'
import type { Dim, GroupedAccess } from './gemm/access.ts'
import { type ContractSpec, lowerContract } from './gemm/contract.ts'
import type { Lowered } from './lowered.ts'

/** How kernels are made. */
export interface LowerOptions {
  /** Whether they may use relaxed SIMD. */
  readonly relaxed: boolean
  readonly threads: number
  /** Whether a product adds to what is in its place already. Default: false */
  readonly accumulate?: boolean
}

const dimsOf = ({ map }: Read, from: number, count: number): Dim[] =>
  map.shape.slice(from, from + count).map((size, i) => ({ size, stride: map.strides[from + i] }))

/** An operand of `contract` of shape [batch, second, third]; `lineIsSecond` for the left one. */
function accessOf(read: Read, lineIsSecond: boolean): GroupedAccess {
  const [batches, seconds, thirds] = read.groups ?? [1, 1, 1]
  const second = dimsOf(read, batches, seconds)
  const third = dimsOf(read, batches + seconds, thirds)
  return {
    offset: read.map.offset,
    batch: dimsOf(read, 0, batches),
    line: lineIsSecond ? second : third,
    depth: lineIsSecond ? third : second,
  }
}

/** The kernel of a step, null where there is only the primitive's plain loop. */
export function lowerStep(step: KernelStep, values: readonly Value[], options: LowerOptions): Lowered | null {
  if (step.kind === 'fused') return lowerGroup(step.group, options)
  if (step.kind === 'product') {
    const { node } = values[step.buffers[step.product]]
    return lowerContract(specOf(step.reads, node.dtype, values), options, step)
  }
  const { node } = values[step.makes[0]]
  if (node.primitive.kind !== 'contract') {
    const reads = step.reads.map(({ base, map }) => ({ dtype: values[base].node.dtype, map }))
    return lowerData({ primitive: node.primitive, dtype: node.dtype, shape: node.shape, reads })
  }
  return lowerContract(specOf(step.reads, node.dtype, values), options)
}

function specOf([a, b]: readonly Read[], dtype: DType, values: readonly Value[]): ContractSpec {
  return {
    a: accessOf(a, true),
    b: accessOf(b, false),
    dtype: dtype === 'int32' ? 'int32' : 'float32',
    operands: [values[a.base].node.dtype, values[b.base].node.dtype],
  }
}

/** The value in each buffer of a step's kernel. */
export function buffersOf(step: KernelStep): readonly number[] {
  if (step.kind === 'fused') return step.buffers
  const operands = step.reads.map(({ base }) => base)
  return step.kind === 'product' ? [...step.buffers, ...operands] : [...operands, step.makes[0]]
}
