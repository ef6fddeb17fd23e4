import { SurprisalError, type Tensor } from '@surprisal/tensor'

/** Throws unless x is a tensor of this rank; the message shows the names of its dims. */
export function requireRank(caller: string, argument: string, x: Tensor, dims: readonly string[]): void {
  const shape = (x as Tensor | null | undefined)?.shape
  if (!Array.isArray(shape) || shape.length !== dims.length) {
    const got = Array.isArray(shape) ? `shape [${shape.join(', ')}]` : String(x)
    throw new SurprisalError('shape', `${caller}: ${argument} must be a tensor [${dims.join(', ')}], got ${got}`)
  }
}

/** The values of a float tensor. */
export async function floatData(caller: string, argument: string, x: Tensor): Promise<Float32Array> {
  requireFloat(caller, argument, x)
  return (await x.data()) as Float32Array
}

/** Throws unless the tensor is float32 or float16. */
export function requireFloat(caller: string, argument: string, x: Tensor): void {
  if (x.dtype !== 'float32' && x.dtype !== 'float16') {
    throw new SurprisalError('dtype', `${caller}: ${argument} must be float32, got ${x.dtype}`)
  }
}
