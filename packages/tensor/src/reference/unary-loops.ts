import type { UnaryName } from '../graph/node.ts'
import type { ElementArray } from './kernel-function.ts'
import { sigmoid, softplus, type UnaryFunction } from './unary-functions.ts'

/** `out[o + k * so] = f(x[i + k * si])` for n elements. */
type UnaryLoop = (out: Float32Array, o: number, so: number, x: Float32Array, i: number, si: number, n: number) => void

/*
 * A loop that is shared by many functions calls each of them through a slow, unpredictable jump. The functions
 * that training uses most therefore have loops of their own, which the engine compiles to straight code.
 */

/** Float32 loops of the hot functions. */
export const unaryLoops: Partial<Record<UnaryName, UnaryLoop>> = {
  neg(out, o, so, x, i, si, n) {
    for (let k = 0; k < n; k++, o += so, i += si) out[o] = -x[i]
  },
  abs(out, o, so, x, i, si, n) {
    for (let k = 0; k < n; k++, o += so, i += si) out[o] = Math.abs(x[i])
  },
  sqrt(out, o, so, x, i, si, n) {
    for (let k = 0; k < n; k++, o += so, i += si) out[o] = Math.sqrt(x[i])
  },
  rsqrt(out, o, so, x, i, si, n) {
    for (let k = 0; k < n; k++, o += so, i += si) out[o] = 1 / Math.sqrt(x[i])
  },
  reciprocal(out, o, so, x, i, si, n) {
    for (let k = 0; k < n; k++, o += so, i += si) out[o] = 1 / x[i]
  },
  exp(out, o, so, x, i, si, n) {
    for (let k = 0; k < n; k++, o += so, i += si) out[o] = Math.exp(x[i])
  },
  log(out, o, so, x, i, si, n) {
    for (let k = 0; k < n; k++, o += so, i += si) out[o] = Math.log(x[i])
  },
  tanh(out, o, so, x, i, si, n) {
    for (let k = 0; k < n; k++, o += so, i += si) out[o] = Math.tanh(x[i])
  },
  sigmoid(out, o, so, x, i, si, n) {
    for (let k = 0; k < n; k++, o += so, i += si) out[o] = sigmoid(x[i])
  },
  softplus(out, o, so, x, i, si, n) {
    for (let k = 0; k < n; k++, o += so, i += si) out[o] = softplus(x[i])
  },
  sin(out, o, so, x, i, si, n) {
    for (let k = 0; k < n; k++, o += so, i += si) out[o] = Math.sin(x[i])
  },
  cos(out, o, so, x, i, si, n) {
    for (let k = 0; k < n; k++, o += so, i += si) out[o] = Math.cos(x[i])
  },
  floor(out, o, so, x, i, si, n) {
    for (let k = 0; k < n; k++, o += so, i += si) out[o] = Math.floor(x[i])
  },
}

/** `!x` of n bools. */
export function notLoop(out: Uint8Array, o: number, so: number, x: Uint8Array, i: number, si: number, n: number): void {
  for (let k = 0; k < n; k++, o += so, i += si) out[o] = x[i] ^ 1
}

/** The loop of every other function and dtype. */
export function mapUnary(
  f: UnaryFunction,
  out: ElementArray,
  o: number,
  so: number,
  x: ElementArray,
  i: number,
  si: number,
  n: number,
): void {
  for (let k = 0; k < n; k++, o += so, i += si) out[o] = f(x[i])
}
