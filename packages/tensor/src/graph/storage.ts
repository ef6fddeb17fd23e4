import { bytesPerElement, type DType, type HostArray } from '../dtype.ts'

/** The computed elements of a value, in row-major order, counted while they live. */
export interface Storage {
  data: HostArray
  readonly dtype: DType
  readonly bytes: number
  released: boolean
  /** Cells that read it besides the value it was computed for. */
  sharers: number
  /** Its memory holds other values now; nothing may read it. */
  recycled: boolean
}

const counters = { live: 0, peak: 0 }
const registry = new FinalizationRegistry<{ bytes: number; released: boolean }>(ticket => {
  if (!ticket.released) counters.live -= ticket.bytes
})
const tickets = new WeakMap<Storage, { bytes: number; released: boolean }>()

export function createStorage(dtype: DType, data: HostArray): Storage {
  const bytes = data.length * bytesPerElement[dtype]
  const storage: Storage = { data, dtype, bytes, released: false, sharers: 0, recycled: false }
  const ticket = { bytes, released: false }
  tickets.set(storage, ticket)
  registry.register(storage, ticket)
  counters.live += bytes
  counters.peak = Math.max(counters.peak, counters.live)
  return storage
}

/** Gives the bytes back when the last of those who share it lets go, without waiting for the collector. */
export function releaseStorage(storage: Storage): void {
  if (storage.sharers > 0) {
    storage.sharers -= 1
    return
  }
  const ticket = tickets.get(storage)
  if (!ticket || ticket.released) return
  ticket.released = true
  storage.released = true
  counters.live -= storage.bytes
}

export const memoryCounters = (): { live: number; peak: number } => ({ ...counters })
