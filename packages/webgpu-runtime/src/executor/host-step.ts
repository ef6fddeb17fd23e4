import {
  type DType,
  type HostArray,
  hostArray,
  type KernelKind,
  type Node,
  type Read,
  referenceKernels,
  roundToHalf,
  sizeOf,
} from '@surprisal/tensor/backend'

/** A value that is read, on the host. */
export interface HostOperand {
  readonly data: HostArray
  readonly dtype: DType
  readonly map: Read['map']
}

/** What a primitive gives by its plain loop. */
export function runOnHost(node: Node, operands: readonly HostOperand[]): HostArray {
  const { primitive, op, dtype, shape } = node
  const out = hostArray(dtype, sizeOf(shape))
  const kernel = referenceKernels[primitive.kind as KernelKind]
  kernel({ primitive, op, dtype, shape, operands: [], output: 0 }, operands, out)
  if (dtype === 'float16') for (let i = 0; i < out.length; i++) out[i] = roundToHalf(out[i])
  return out
}
