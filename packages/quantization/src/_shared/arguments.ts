import {
  defineOp,
  type ErrorCode,
  isTensor,
  Parameter,
  SurprisalError,
  type Tensor,
  type TensorLike,
} from '@surprisal/tensor'

/** Ends a call with a message that begins with the function's name. */
export function fail(code: ErrorCode, op: string, message: string): never {
  throw new SurprisalError(code, `${op}: ${message}`)
}

export const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`

/** The tensor behind an argument. */
export function tensorOf(op: string, name: string, x: TensorLike): Tensor {
  if (isTensor(x)) return x
  if (x instanceof Parameter) return x.value
  return fail('argument', op, `${name} must be a tensor, got ${x === null ? 'null' : typeof x}`)
}

/** Numbers to be quantized, as float32 and without a gradient; the read throws where one is not finite. */
export function finiteTensor(op: string, name: string, x: TensorLike): Tensor {
  const tensor = tensorOf(op, name, x)
  if (tensor.dtype !== 'float32' && tensor.dtype !== 'float16')
    fail('dtype', op, `${name} must be float, got ${tensor.dtype}`)
  return checked(op, name, tensor.cast('float32'), Number.isFinite, 'must not hold non-finite values')
}

/** Codes as the integers they are. */
export function integerTensor(op: string, name: string, x: TensorLike): Tensor {
  const tensor = tensorOf(op, name, x)
  if (tensor.dtype.startsWith('float') || tensor.dtype === 'bool')
    fail('dtype', op, `${name} must be integers, got ${tensor.dtype}`)
  return tensor
}

/** The same values without a gradient, looked at when they are computed: the read throws for the first wrong one. */
export function checked(op: string, name: string, x: Tensor, holds: (value: number) => boolean, rule: string): Tensor {
  const check = defineOp({
    name: op,
    infer: inputs => inputs,
    reference: ([{ data }], [output]) => {
      const wrong = data.findIndex((value: number) => !holds(value))
      if (wrong >= 0) fail('argument', op, `${name} ${rule}, got ${data[wrong]} at index ${wrong}`)
      output.set(data)
    },
  })
  return check([x])[0]
}

export function requireBits(op: string, bits: number): void {
  if (!Number.isInteger(bits) || bits < 1 || bits > 8)
    fail('argument', op, `bits must be an integer in 1..8, got ${String(bits)}`)
}
