import { type ErrorCode, isTensor, Parameter, SurprisalError, type Tensor, type TensorLike } from '@surprisal/tensor'

/** Ends a call with a message that begins with the function's name. */
export function fail(code: ErrorCode, op: string, message: string): never {
  throw new SurprisalError(code, `${op}: ${message}`)
}

export const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`

const isTensorLike = (x: unknown): x is TensorLike => isTensor(x) || x instanceof Parameter

/** The tensor behind an argument. */
export function tensorOf(op: string, name: string, x: unknown): Tensor {
  if (isTensor(x)) return x
  if (x instanceof Parameter) return x.value
  return fail('argument', op, `${name} must be a tensor, got ${x === null ? 'null' : typeof x}`)
}

/** Embeddings as rows of a float32 matrix. */
export function rowsOf(op: string, name: string, x: unknown): Tensor {
  const tensor = floatOf(op, name, x)
  if (tensor.ndim !== 2) fail('shape', op, `${name} must have shape [N, D], got ${shapeText(tensor.shape)}`)
  return tensor
}

/** A tensor that a gradient may flow to, as float32. */
export function floatOf(op: string, name: string, x: unknown): Tensor {
  const tensor = tensorOf(op, name, x)
  if (tensor.dtype !== 'float32' && tensor.dtype !== 'float16')
    fail('dtype', op, `${name} must be float, got ${tensor.dtype}`)
  return tensor.cast('float32')
}

/** Throws unless two matrices have rows of one length. */
export function requireWidth(op: string, name: string, x: Tensor, other: string, y: Tensor): void {
  const [got, expected] = [x, y].map(({ shape }) => shape[shape.length - 1])
  if (got !== expected)
    fail('shape', op, `${name} must have rows of ${expected} like ${other}, got ${shapeText(x.shape)}`)
}

/** Throws unless two matrices are aligned row by row. */
export function requireSameRows(op: string, name: string, x: Tensor, other: string, y: Tensor): void {
  if (shapeText(x.shape) !== shapeText(y.shape))
    fail('shape', op, `${name} must have the shape of ${other}, got ${shapeText(x.shape)} for ${shapeText(y.shape)}`)
}

export function requirePositive(op: string, name: string, value: number): void {
  if (typeof value !== 'number' || !(value > 0 && Number.isFinite(value)))
    fail('argument', op, `${name} must be a positive finite number, got ${String(value)}`)
}

/**
 * Tensors that may be left out, and the options behind them: the first argument that is an object and no tensor is the
 * options.
 */
export function readOptional<Options extends object>(
  op: string,
  args: readonly unknown[],
  count: number,
): { tensors: (TensorLike | null)[]; options: Partial<Options> } {
  const tensors: (TensorLike | null)[] = []
  for (const arg of args) {
    const absent = arg === null || arg === undefined
    if (tensors.length < count && (absent || isTensorLike(arg))) tensors.push(absent ? null : arg)
    else if (absent) break
    else if (typeof arg === 'object' && !isTensorLike(arg) && !Array.isArray(arg))
      return { tensors: padded(tensors, count), options: arg as Partial<Options> }
    else fail('argument', op, `options must be an object, got ${isTensorLike(arg) ? 'a tensor' : typeof arg}`)
  }
  return { tensors: padded(tensors, count), options: {} }
}

const padded = (tensors: (TensorLike | null)[], count: number): (TensorLike | null)[] =>
  Array.from({ length: count }, (_, i) => tensors[i] ?? null)
