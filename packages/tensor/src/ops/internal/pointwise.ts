import type { BinaryName, UnaryName } from '../../graph/node.ts'
import { asTensor, promotePair, toFloat } from '../../operand.ts'
import { binary, cast, inFloat32, unary } from '../../primitive.ts'
import type { Operand, Tensor, TensorLike } from '../../tensor.ts'

/** A unary op whose result is a float: integers and bools are read as float32. */
export function floatUnary(f: UnaryName, x: TensorLike): Tensor {
  return unary(f, f, toFloat(f, asTensor(f, 'x', x)))
}

/** A binary op whose result is a float. */
export function floatBinary(f: BinaryName, a: Operand, b: Operand): Tensor {
  const [x, y] = promotePair(f, a, b)
  return binary(f, f, toFloat(f, x), toFloat(f, y))
}

/** A binary op of numbers; two bools are read as int32. */
export function numericBinary(f: BinaryName, a: Operand, b: Operand): Tensor {
  const [x, y] = promotePair(f, a, b)
  return x.dtype === 'bool' ? binary(f, f, cast(f, x, 'int32'), cast(f, y, 'int32')) : binary(f, f, x, y)
}

/** A binary op that is another one on bools. */
export function binaryOrLogical(f: BinaryName, onBool: BinaryName, a: Operand, b: Operand): Tensor {
  const [x, y] = promotePair(f, a, b)
  return binary(f, x.dtype === 'bool' ? onBool : f, x, y)
}

/** A composed float function, computed in float32 and rounded once. */
export function activation(op: string, x: TensorLike, compute: (x: Tensor) => Tensor): Tensor {
  return inFloat32(op, toFloat(op, asTensor(op, 'x', x)), compute)
}
