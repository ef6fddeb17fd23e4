import { denseWalk } from './copy.ts'
import type { ElementArray, KernelFunction, PrimitiveOf } from './kernel-function.ts'
import { forEachRun, loopNest, type Walk } from './nest.ts'

/** Up to this length insertion is faster than counting digits. */
const shortLine = 40

/** Unsigned keys that order as the floats do: -0 as +0, every NaN above Infinity. */
function floatKeys(x: Float32Array, i: number, si: number, keys: Uint32Array): void {
  const floats = new Float32Array(keys.buffer)
  for (let k = 0; k < keys.length; k++, i += si) {
    const value = x[i] + 0
    floats[k] = value
    const bits = keys[k]
    keys[k] = Number.isNaN(value) ? 0xffffffff : bits & 0x80000000 ? ~bits : bits | 0x80000000
  }
}

function integerKeys(x: ElementArray, i: number, si: number, keys: Uint32Array): void {
  for (let k = 0; k < keys.length; k++, i += si) keys[k] = x[i] ^ 0x80000000
}

function insertionSort(keys: Uint32Array, order: Int32Array): void {
  for (let k = 0; k < keys.length; k++) {
    const key = keys[k]
    let at = k
    for (; at > 0 && keys[order[at - 1]] > key; at--) order[at] = order[at - 1]
    order[at] = k
  }
}

/** Stable sort by one digit of 8 bits after the other; a digit that all keys share costs one look. */
function radixSort(keys: Uint32Array, order: Int32Array, spare: Int32Array): void {
  const n = keys.length
  const counts = new Int32Array(4 * 256)
  for (let k = 0; k < n; k++) {
    const key = keys[k]
    counts[key & 255]++
    counts[256 + ((key >>> 8) & 255)]++
    counts[512 + ((key >>> 16) & 255)]++
    counts[768 + (key >>> 24)]++
    order[k] = k
  }
  let from = order
  let to = spare
  for (let digit = 0; digit < 4; digit++) {
    const shift = 8 * digit
    const places = counts.subarray(256 * digit, 256 * (digit + 1))
    if (places[(keys[0] >>> shift) & 255] === n) continue
    let total = 0
    for (let bucket = 0; bucket < 256; bucket++) {
      const count = places[bucket]
      places[bucket] = total
      total += count
    }
    for (let k = 0; k < n; k++) {
      const element = from[k]
      to[places[(keys[element] >>> shift) & 255]++] = element
    }
    ;[from, to] = [to, from]
  }
  if (from !== order) order.set(from)
}

/** Order of float64 numbers, NaN last. */
function ascending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a < b ? -1 : a > b ? 1 : 0
}

/** A function that gives the stable order of one line of `x`, in an array it uses again. */
function lineOrder(x: ElementArray, n: number, si: number, descending: boolean): (i: number) => Int32Array {
  const order = new Int32Array(n)
  if (x instanceof Float64Array)
    return i => {
      const sign = descending ? -1 : 1
      for (let k = 0; k < n; k++) order[k] = k
      return order.sort((a, b) => sign * ascending(x[i + a * si], x[i + b * si]) || a - b)
    }
  const keys = new Uint32Array(n)
  const spare = new Int32Array(n)
  return i => {
    if (x instanceof Float32Array) floatKeys(x, i, si, keys)
    else integerKeys(x, i, si, keys)
    if (descending) for (let k = 0; k < n; k++) keys[k] = ~keys[k]
    if (n <= shortLine) insertionSort(keys, order)
    else radixSort(keys, order, spare)
    return order
  }
}

/** First places of the stable order along one dim, by counting digits; NaN is the greatest and both zeros are equal. */
export const argsort: KernelFunction = (kernel, [x], out) => {
  const { dim, descending } = kernel.primitive as PrimitiveOf<'argsort'>
  if (out.length === 0) return
  const n = x.map.shape[dim]
  const places = kernel.shape[dim]
  const to = denseWalk(kernel.shape)
  const across = ({ strides, offset }: Walk): Walk => ({ strides: strides.filter((_, d) => d !== dim), offset })
  const lines = loopNest(
    kernel.shape.filter((_, d) => d !== dim),
    [across(to), across(x.map)],
  )
  const [nextOut, nextIn] = lines.inner
  const so = to.strides[dim]
  const sort = lineOrder(x.data, n, x.map.strides[dim], descending)
  forEachRun(lines, ([o, i]) => {
    for (let line = 0; line < lines.count; line++) {
      const order = sort(i + line * nextIn)
      for (let k = 0, at = o + line * nextOut; k < places; k++, at += so) out[at] = order[k]
    }
  })
}
