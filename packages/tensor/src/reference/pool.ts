import { type DType, hostArray } from '../dtype.ts'
import type { ElementArray } from './kernel-function.ts'

/** Arrays that are free to be written again, by type and length. */
export interface ArrayPool {
  /** An array of stale values. */
  take(dtype: DType, size: number): ElementArray
  /** Gives back an array that nothing reads any more. */
  give(array: ElementArray): void
}

/** A pool that keeps at most `limit` bytes; what does not fit is left to the collector. */
export function createPool(limit: number): ArrayPool {
  const free = new Map<string, ElementArray[]>()
  let held = 0
  const keyOf = (array: ElementArray): string => `${array.constructor.name}${array.length}`
  const names: Record<DType, string> = {
    float32: 'Float32Array',
    float16: 'Float32Array',
    int32: 'Int32Array',
    uint8: 'Uint8Array',
    bool: 'Uint8Array',
    int8: 'Int8Array',
  }
  return {
    take(dtype, size) {
      const array = free.get(names[dtype] + size)?.pop()
      if (!array) return hostArray(dtype, size)
      held -= array.byteLength
      return array
    },
    give(array) {
      if (held + array.byteLength > limit) return
      held += array.byteLength
      const key = keyOf(array)
      const list = free.get(key)
      if (list) list.push(array)
      else free.set(key, [array])
    },
  }
}
