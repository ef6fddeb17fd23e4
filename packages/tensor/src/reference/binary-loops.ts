import type { BinaryName } from '../graph/node.ts'
import type { BinaryFunction } from './binary-functions.ts'
import type { ElementArray } from './kernel-function.ts'

/** `out[o + k * so] = f(a[i + k * si], b[j + k * sj])` for n elements. */
type BinaryLoop<Input, Output> = (
  out: Output,
  o: number,
  so: number,
  a: Input,
  i: number,
  si: number,
  b: Input,
  j: number,
  sj: number,
  n: number,
) => void

/*
 * As in unary-loops.ts, the hot functions have loops of their own.
 */

/** Float32 arithmetic. */
export const arithmeticLoops: Partial<Record<BinaryName, BinaryLoop<Float32Array, Float32Array>>> = {
  add(out, o, so, a, i, si, b, j, sj, n) {
    for (let k = 0; k < n; k++, o += so, i += si, j += sj) out[o] = a[i] + b[j]
  },
  sub(out, o, so, a, i, si, b, j, sj, n) {
    for (let k = 0; k < n; k++, o += so, i += si, j += sj) out[o] = a[i] - b[j]
  },
  mul(out, o, so, a, i, si, b, j, sj, n) {
    for (let k = 0; k < n; k++, o += so, i += si, j += sj) out[o] = a[i] * b[j]
  },
  div(out, o, so, a, i, si, b, j, sj, n) {
    for (let k = 0; k < n; k++, o += so, i += si, j += sj) out[o] = a[i] / b[j]
  },
  maximum(out, o, so, a, i, si, b, j, sj, n) {
    for (let k = 0; k < n; k++, o += so, i += si, j += sj) out[o] = Math.max(a[i], b[j])
  },
  minimum(out, o, so, a, i, si, b, j, sj, n) {
    for (let k = 0; k < n; k++, o += so, i += si, j += sj) out[o] = Math.min(a[i], b[j])
  },
}

/** Comparisons of float32 numbers; a conversion, unlike a choice of 1 or 0, cannot be mispredicted. */
export const comparisonLoops: Partial<Record<BinaryName, BinaryLoop<Float32Array, Uint8Array>>> = {
  equal(out, o, so, a, i, si, b, j, sj, n) {
    for (let k = 0; k < n; k++, o += so, i += si, j += sj) out[o] = Number(a[i] === b[j])
  },
  notEqual(out, o, so, a, i, si, b, j, sj, n) {
    for (let k = 0; k < n; k++, o += so, i += si, j += sj) out[o] = Number(a[i] !== b[j])
  },
  less(out, o, so, a, i, si, b, j, sj, n) {
    for (let k = 0; k < n; k++, o += so, i += si, j += sj) out[o] = Number(a[i] < b[j])
  },
  lessEqual(out, o, so, a, i, si, b, j, sj, n) {
    for (let k = 0; k < n; k++, o += so, i += si, j += sj) out[o] = Number(a[i] <= b[j])
  },
  greater(out, o, so, a, i, si, b, j, sj, n) {
    for (let k = 0; k < n; k++, o += so, i += si, j += sj) out[o] = Number(a[i] > b[j])
  },
  greaterEqual(out, o, so, a, i, si, b, j, sj, n) {
    for (let k = 0; k < n; k++, o += so, i += si, j += sj) out[o] = Number(a[i] >= b[j])
  },
}

/** Logic of bools, which are 0 and 1. */
export const logicLoops: Partial<Record<BinaryName, BinaryLoop<Uint8Array, Uint8Array>>> = {
  logicalAnd(out, o, so, a, i, si, b, j, sj, n) {
    for (let k = 0; k < n; k++, o += so, i += si, j += sj) out[o] = a[i] & b[j]
  },
  logicalOr(out, o, so, a, i, si, b, j, sj, n) {
    for (let k = 0; k < n; k++, o += so, i += si, j += sj) out[o] = a[i] | b[j]
  },
}

/** The loop of every other function and dtype. */
export function mapBinary(
  f: BinaryFunction,
  out: ElementArray,
  o: number,
  so: number,
  a: ElementArray,
  i: number,
  si: number,
  b: ElementArray,
  j: number,
  sj: number,
  n: number,
): void {
  for (let k = 0; k < n; k++, o += so, i += si, j += sj) out[o] = f(a[i], b[j])
}
