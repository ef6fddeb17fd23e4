import { type DType, type HostArray, hostArray } from '../dtype.ts'
import type { ElementArray } from './kernel-function.ts'

/** Memory that is free to be written again. */
export interface ArrayPool {
  /** An array of stale values. */
  take(dtype: DType, size: number): HostArray
  /** Gives back an array of `take` that nothing reads any more. */
  give(array: ElementArray): void
}

const smallest = 64

/** The bytes that a request is rounded up to: eight steps between powers of two, so that sizes which vary a little meet. */
function capacityFor(bytes: number): number {
  if (bytes <= smallest) return smallest
  const step = 2 ** Math.max(6, Math.floor(Math.log2(bytes)) - 3)
  return Math.ceil(bytes / step) * step
}

const views: Record<DType, new (buffer: ArrayBuffer, offset: number, length: number) => HostArray> = {
  float32: Float32Array,
  float16: Float32Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
  int8: Int8Array,
}
const widths: Record<DType, number> = { float32: 4, float16: 4, int32: 4, uint8: 1, bool: 1, int8: 1 }

/**
 * A pool that keeps at most `limit` bytes; what does not fit is left to the collector. Fresh memory is expensive
 * (its first touch costs more than the arithmetic on it), which is why arrays of any type share it.
 */
export function createPool(limit: number): ArrayPool {
  const free = new Map<number, ArrayBuffer[]>()
  let held = 0
  return {
    take(dtype, size) {
      const capacity = capacityFor(size * widths[dtype])
      const buffer = free.get(capacity)?.pop()
      if (buffer) held -= capacity
      else if (capacity > limit) return hostArray(dtype, size)
      return new views[dtype](buffer ?? new ArrayBuffer(capacity), 0, size)
    },
    give(array) {
      const buffer = array.buffer as ArrayBuffer
      const capacity = buffer.byteLength
      if (capacityFor(capacity) !== capacity || held + capacity > limit) return
      held += capacity
      const list = free.get(capacity)
      if (list) list.push(buffer)
      else free.set(capacity, [buffer])
    },
  }
}
