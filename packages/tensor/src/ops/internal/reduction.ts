import { SurprisalError } from '../../error.ts'
import type { ReduceName } from '../../graph/node.ts'
import { asTensor, toFloat } from '../../operand.ts'
import { inFloat32, reduce, reduceKeep } from '../../primitive.ts'
import { normalizeDims, type Shape } from '../../shape.ts'
import type { Tensor, TensorLike } from '../../tensor.ts'
import { optionsOf } from './checks.ts'

/** What every reduction takes. */
export interface ReduceOptions {
  /** The dim or dims to reduce, negatives counted from the end; default all. */
  dim?: number | readonly number[]
  /** Whether reduced dims stay with size 1; default false. */
  keepdim?: boolean
}

/** The dims that a call asks for, what the result looks like and how many elements come to one. */
export interface Reduction {
  readonly dims: readonly number[]
  readonly keepdim: boolean
  readonly count: number
  /** Shape with the reduced dims as 1. */
  readonly kept: Shape
  readonly shape: Shape
}

export function reductionOf(op: string, x: Tensor, options: ReduceOptions | undefined): Reduction {
  const { dim, keepdim = false } = optionsOf(op, options)
  const dims = normalizeDims(op, dim, x.ndim)
  const kept = x.shape.map((size, d) => (dims.includes(d) ? 1 : size))
  const shape = keepdim ? kept : x.shape.filter((_, d) => !dims.includes(d))
  return { dims, keepdim, count: dims.reduce((size, d) => size * x.shape[d], 1), kept, shape }
}

export function reduceBy(op: string, f: ReduceName, x: Tensor, { dims, keepdim }: Reduction): Tensor {
  return (keepdim ? reduceKeep : reduce)(op, f, x, dims)
}

export function expectElements(op: string, reduction: Reduction): void {
  if (reduction.count === 0) throw new SurprisalError('shape', `${op}: cannot reduce an empty dim`)
}

/** Reads integers as float32 and computes float16 in float32. */
export function reduceFloat(
  op: string,
  x: TensorLike,
  options: ReduceOptions | undefined,
  compute: (x: Tensor, reduction: Reduction) => Tensor,
): Tensor {
  const y = toFloat(op, asTensor(op, 'x', x))
  const reduction = reductionOf(op, y, options)
  return inFloat32(op, y, z => compute(z, reduction))
}
