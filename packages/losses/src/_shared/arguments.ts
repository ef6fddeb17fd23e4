import {
  type ErrorCode,
  isTensor,
  Parameter,
  type Shape,
  SurprisalError,
  type Tensor,
  type TensorLike,
} from '@surprisal/tensor'

/** Ends a call with a message that begins with the function's name. */
export function fail(code: ErrorCode, op: string, message: string): never {
  throw new SurprisalError(code, `${op}: ${message}`)
}

export const shapeText = (shape: Shape): string => `[${shape.join(', ')}]`

/** `shape` without one dim. */
export const withoutDim = (shape: Shape, dim: number): number[] => shape.filter((_, d) => d !== dim)

/** The tensor behind an argument. */
export function tensorOf(op: string, name: string, x: TensorLike): Tensor {
  if (isTensor(x)) return x
  if (x instanceof Parameter) return x.value
  return fail('argument', op, `${name} must be a tensor, got ${x === null ? 'null' : typeof x}`)
}

export const isFloat = (x: Tensor): boolean => x.dtype === 'float32' || x.dtype === 'float16'

/** A tensor that a gradient may flow to, as float32: halves are too coarse for logarithms and sums. */
export function floatTensor(op: string, name: string, x: TensorLike): Tensor {
  const tensor = tensorOf(op, name, x)
  if (!isFloat(tensor)) fail('dtype', op, `${name} must be float, got ${tensor.dtype}`)
  return tensor.dtype === 'float32' ? tensor : tensor.cast('float32')
}

/** Numbers of any dtype as float32; integers and bools have no gradient. */
export const numberTensor = (op: string, name: string, x: TensorLike): Tensor => tensorOf(op, name, x).cast('float32')

export function requireShape(op: string, name: string, x: Tensor, expected: Shape): void {
  if (shapeText(x.shape) !== shapeText(expected))
    fail('shape', op, `${name} has shape ${shapeText(x.shape)}, expected ${shapeText(expected)}`)
}

/** Input and target of an elementwise loss: one shape, nothing broadcast. */
export function pairOf(op: string, input: TensorLike, target: TensorLike): [Tensor, Tensor] {
  const x = floatTensor(op, 'input', input)
  const t = numberTensor(op, 'target', target)
  requireShape(op, 'target', t, x.shape)
  return [x, t]
}

/** Throws unless a scalar option is a number for which `holds`; `rule` says which ones are. */
export function requireNumber(
  op: string,
  name: string,
  value: number,
  holds: (value: number) => boolean,
  rule: string,
): void {
  if (typeof value !== 'number' || Number.isNaN(value) || !holds(value))
    fail('argument', op, `${name} must be ${rule}, got ${String(value)}`)
}
