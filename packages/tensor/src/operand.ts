import { type DType, integerRange, isFloat, promote } from './dtype.ts'
import { SurprisalError } from './error.ts'
import { cellValue, Parameter } from './parameter.ts'
import { cast, constant } from './primitive.ts'
import { type Operand, Tensor, type TensorLike } from './tensor.ts'

/** The tensor behind an argument that must be one. */
export function asTensor(op: string, name: string, x: TensorLike): Tensor {
  if (x instanceof Tensor) return x
  if (x instanceof Parameter) return cellValue(x)
  throw new SurprisalError('argument', `${op}: ${name} must be a tensor, got ${describe(x)}`)
}

/** A short account of a wrong argument. */
export function describe(x: unknown): string {
  if (x === null || x === undefined) return String(x)
  if (Array.isArray(x)) return `an array of ${x.length}`
  if (typeof x === 'object') return `an object ${x.constructor?.name ?? ''}`.trim()
  return `${typeof x} ${String(x)}`
}

/** The dtype that a JavaScript number or boolean takes beside a tensor of `dtype`. */
function weakDType(op: string, value: number | boolean, dtype: DType): DType {
  if (typeof value === 'boolean' || isFloat(dtype)) return dtype
  if (!Number.isInteger(value)) return 'float32'
  if (dtype === 'bool') return 'int32'
  const [low, high] = integerRange[dtype as keyof typeof integerRange]
  if (value < low || value > high) throw new SurprisalError('dtype', `${op}: ${value} does not fit ${dtype}`)
  return dtype
}

/** Both sides as tensors of their common dtype; at least one must be a tensor. */
export function promotePair(op: string, a: Operand, b: Operand): [Tensor, Tensor] {
  const isNumber = (x: Operand): x is number | boolean => typeof x === 'number' || typeof x === 'boolean'
  if (isNumber(a) && isNumber(b)) {
    const dtype: DType = typeof a === 'boolean' && typeof b === 'boolean' ? 'bool' : 'float32'
    return [constant(op, Number(a), dtype), constant(op, Number(b), dtype)]
  }
  if (isNumber(a)) return promotePair(op, b, a).reverse() as [Tensor, Tensor]
  const x = asTensor(op, 'a', a)
  if (isNumber(b)) {
    const dtype = weakDType(op, b, x.dtype)
    return [cast(op, x, dtype), constant(op, Number(b), dtype)]
  }
  const y = asTensor(op, 'b', b)
  const dtype = promote(x.dtype, y.dtype)
  return [cast(op, x, dtype), cast(op, y, dtype)]
}

/** Integers and bools become float32, floats stay. */
export function toFloat(op: string, x: Tensor): Tensor {
  return isFloat(x.dtype) ? x : cast(op, x, 'float32')
}

/** Whether an argument is an options object and no tensor. */
export function isOptions(x: unknown): x is Record<string, unknown> {
  return (
    typeof x === 'object' &&
    x !== null &&
    !(x instanceof Tensor) &&
    !(x instanceof Parameter) &&
    !Array.isArray(x) &&
    !ArrayBuffer.isView(x)
  )
}
