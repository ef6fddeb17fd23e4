import { type DType, isFloat } from '../dtype.ts'
import type { ScanName } from '../graph/node.ts'
import { sizeOf } from '../shape.ts'
import { type BinaryFunction, logaddexp } from './binary-functions.ts'
import { denseWalk } from './copy.ts'
import type { ElementArray, KernelFunction, PrimitiveOf } from './kernel-function.ts'
import { forEachRun, loopNest, type Walk } from './nest.ts'

/** One line of a scan: `so` and `si` are negative when it runs backwards. */
type LineScan = (out: ElementArray, o: number, so: number, x: ElementArray, i: number, si: number, n: number) => void

const sum: LineScan = (out, o, so, x, i, si, n) => {
  let total = 0
  for (let k = 0; k < n; k++, o += so, i += si) {
    total += x[i]
    out[o] = total
  }
}

const sumBefore: LineScan = (out, o, so, x, i, si, n) => {
  let total = 0
  for (let k = 0; k < n; k++, o += so, i += si) {
    out[o] = total
    total += x[i]
  }
}

/** A running combination from `identity` on, each element before or after it is stored. */
function running(combine: BinaryFunction, identity: number, exclusive: boolean): LineScan {
  return (out, o, so, x, i, si, n) => {
    let total = identity
    for (let k = 0; k < n; k++, o += so, i += si) {
      const next = combine(total, x[i])
      out[o] = exclusive ? total : next
      total = next
    }
  }
}

/** The position of the first greatest (or least) element so far; the first NaN sticks. */
function runningPosition(sign: 1 | -1, reverse: boolean): LineScan {
  return (out, o, so, x, i, si, n) => {
    let best = Number.NEGATIVE_INFINITY
    let position = -1
    for (let k = 0; k < n; k++, o += so, i += si) {
      const value = sign * x[i]
      if (position < 0 || value > best || (Number.isNaN(value) && !Number.isNaN(best))) {
        best = value
        position = reverse ? n - 1 - k : k
      }
      out[o] = position
    }
  }
}

function lineScan(f: ScanName, dtype: DType, exclusive: boolean, reverse: boolean): LineScan {
  switch (f) {
    case 'argmax':
      return runningPosition(1, reverse)
    case 'argmin':
      return runningPosition(-1, reverse)
    case 'logsumexp':
      return running(logaddexp, Number.NEGATIVE_INFINITY, exclusive)
    case 'sum':
      if (isFloat(dtype)) return exclusive ? sumBefore : sum
      return running(dtype === 'bool' ? (a, b) => a | b : (a, b) => (a + b) | 0, 0, exclusive)
    case 'prod':
      if (isFloat(dtype)) return running((a, b) => a * b, 1, exclusive)
      return running(dtype === 'bool' ? (a, b) => a & b : Math.imul, 1, exclusive)
  }
}

/** Running results along one dim, line by line. */
export const scan: KernelFunction = (kernel, [x], out) => {
  const { f, dim, exclusive, reverse } = kernel.primitive as PrimitiveOf<'scan'>
  if (sizeOf(kernel.shape) === 0) return
  const n = kernel.shape[dim]
  const line = lineScan(f, x.dtype, exclusive, reverse)
  const to = denseWalk(kernel.shape)
  const across = ({ strides, offset }: Walk): Walk => ({
    strides: strides.filter((_, d) => d !== dim),
    offset: reverse ? offset + (n - 1) * strides[dim] : offset,
  })
  const direction = reverse ? -1 : 1
  const so = direction * to.strides[dim]
  const si = direction * x.map.strides[dim]
  const lines = loopNest(
    kernel.shape.filter((_, d) => d !== dim),
    [across(to), across(x.map)],
  )
  const [nextOut, nextIn] = lines.inner
  forEachRun(lines, ([o, i]) => {
    for (let k = 0; k < lines.count; k++) line(out, o + k * nextOut, so, x.data, i + k * nextIn, si, n)
  })
}
