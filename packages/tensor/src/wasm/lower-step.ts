import type { Step } from '../fusion/steps.ts'
import type { Read, Value } from '../fusion/values.ts'
import { lowerGroup } from './codegen/lower-group.ts'
import { lowerData } from './data/lower-data.ts'
import type { Dim, GroupedAccess } from './gemm/access.ts'
import { lowerContract } from './gemm/contract.ts'
import type { Lowered } from './lowered.ts'

/** How kernels are made. */
export interface LowerOptions {
  /** Whether they may use relaxed SIMD. */
  readonly relaxed: boolean
  readonly threads: number
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
export function lowerStep(step: Step, values: readonly Value[], options: LowerOptions): Lowered | null {
  if (step.kind === 'fused') return lowerGroup(step.group, options)
  const { node } = values[step.makes[0]]
  if (node.primitive.kind !== 'contract') {
    const reads = step.reads.map(({ base, map }) => ({ dtype: values[base].node.dtype, map }))
    return lowerData({ primitive: node.primitive, dtype: node.dtype, shape: node.shape, reads })
  }
  const [a, b] = step.reads
  return lowerContract(
    {
      a: accessOf(a, true),
      b: accessOf(b, false),
      dtype: node.dtype === 'int32' ? 'int32' : 'float32',
      operands: [values[a.base].node.dtype, values[b.base].node.dtype],
    },
    options,
  )
}

/** The value in each buffer of a step's kernel. */
export const buffersOf = (step: Step): readonly number[] =>
  step.kind === 'fused' ? step.buffers : [...step.reads.map(({ base }) => base), step.makes[0]]
