import { type ErrorCode, isTensor, Parameter, SurprisalError, type Tensor, type TensorLike } from '@surprisal/tensor'

/** Ends a call with a message that begins with the function's name. */
export function fail(code: ErrorCode, op: string, message: string): never {
  throw new SurprisalError(code, `${op}: ${message}`)
}

export const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`
const sameShape = (a: Tensor, b: Tensor): boolean => shapeText(a.shape) === shapeText(b.shape)

/** The tensor behind an argument. */
export function tensorOf(op: string, name: string, x: TensorLike): Tensor {
  if (isTensor(x)) return x
  if (x instanceof Parameter) return x.value
  return fail('argument', op, `${name} must be a tensor, got ${x === null ? 'null' : typeof x}`)
}

/** What the student gives, as float32: gradients flow here. */
export function studentOf(op: string, name: string, x: TensorLike): Tensor {
  const tensor = tensorOf(op, name, x)
  if (tensor.dtype !== 'float32' && tensor.dtype !== 'float16')
    fail('dtype', op, `${name} must be float, got ${tensor.dtype}`)
  return tensor.cast('float32')
}

/** What the teacher gives, as float32: no gradient ever reaches it. */
export const teacherOf = (op: string, name: string, x: TensorLike): Tensor => studentOf(op, name, x).detach()

/** Throws unless both have one shape, naming both. */
export function requireSameShape(op: string, name: string, x: Tensor, other: string, y: Tensor): void {
  if (!sameShape(x, y))
    fail('shape', op, `${name} must have the shape of ${other}, got ${shapeText(x.shape)} for ${shapeText(y.shape)}`)
}

export function requirePositive(op: string, name: string, value: number): void {
  if (typeof value !== 'number' || !(value > 0 && Number.isFinite(value)))
    fail('argument', op, `${name} must be a positive finite number, got ${String(value)}`)
}
