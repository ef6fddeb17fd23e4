import { currentTracing, type Tracing } from './compile/tracing.ts'
import { type DType, integerRange, isFloat, promote } from './dtype.ts'
import { SurprisalError } from './error.ts'
import { cellValue, Parameter } from './parameter.ts'
import { cast, constant, constantLike } from './primitive.ts'
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
  checkFits(op, value, dtype)
  return dtype
}

/**
 * Refuses a whole number that an integer dtype cannot hold.
 * @throws {SurprisalError} `dtype`
 */
export function checkFits(op: string, value: number, dtype: DType): void {
  if (dtype === 'bool') return
  const [low, high] = integerRange[dtype as keyof typeof integerRange]
  if (value < low || value > high) throw new SurprisalError('dtype', `${op}: ${value} does not fit ${dtype}`)
}

const isNumber = (x: Operand): x is number | boolean => typeof x === 'number' || typeof x === 'boolean'

/** Both sides as tensors of their common dtype; at least one must be a tensor. */
export function promotePair(op: string, a: Operand, b: Operand): [Tensor, Tensor] {
  const tracing = currentTracing()
  if (tracing && (tracing.numberOf(a) ?? tracing.numberOf(b)) !== undefined) return promoteTraced(op, a, b, tracing)
  if (isNumber(a) && isNumber(b)) {
    const dtype: DType = typeof a === 'boolean' && typeof b === 'boolean' ? 'bool' : 'float32'
    return [constant(op, Number(a), dtype), constant(op, Number(b), dtype)]
  }
  if (isNumber(a)) {
    const [second, first] = promotePair(op, b, a)
    return [first, second]
  }
  const x = asTensor(op, 'a', a)
  if (isNumber(b)) {
    const dtype = weakDType(op, b, x.dtype)
    return [cast(op, x, dtype), constantLike(op, Number(b), dtype, x)]
  }
  const y = asTensor(op, 'b', b)
  const dtype = promote(x.dtype, y.dtype)
  return [cast(op, x, dtype), cast(op, y, dtype)]
}

/** The same where a tensor stands for a number: it adapts as the number does. */
function promoteTraced(op: string, a: Operand, b: Operand, tracing: Tracing): [Tensor, Tensor] {
  const numeric = (x: Operand): number | boolean | undefined => (isNumber(x) ? x : tracing.numberOf(x))
  const lift = (x: Operand, dtype: DType, like?: Tensor): Tensor => {
    if (!isNumber(x)) return tracing.constantOf(op, x as Tensor, dtype, like)
    return like ? constantLike(op, Number(x), dtype, like) : constant(op, Number(x), dtype)
  }
  const [first, second] = [numeric(a), numeric(b)]
  if (first !== undefined && second !== undefined) return [lift(a, 'float32'), lift(b, 'float32')]
  const x = asTensor(op, first === undefined ? 'a' : 'b', (first === undefined ? a : b) as TensorLike)
  const dtype = weakDType(op, (first ?? second) as number | boolean, x.dtype)
  const number = lift(first === undefined ? b : a, dtype, x)
  const other = cast(op, x, dtype)
  return first === undefined ? [other, number] : [number, other]
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
