import { bytesPerElement, type DType, type HostArray } from '../dtype.ts'
import { SurprisalError } from '../error.ts'

/** A piece of an executor's memory. */
export interface Block {
  /** The elements, as a view where the memory has host types, as a copy where it has not (float16). */
  read(dtype: DType, size: number): HostArray
  /** Gives the memory back; nothing may read the block afterwards. */
  free(): void
}

/** Counts the bytes of a storage until it is released or collected. */
interface Ticket {
  readonly bytes: number
  block: Block | null
  released: boolean
}

/** The computed elements of a value, in row-major order, counted while they live: in a host array or in a block. */
export interface Storage {
  readonly dtype: DType
  readonly size: number
  readonly bytes: number
  place: HostArray | Block
  /** Cells that read it besides the value it was computed for. */
  sharers: number
  /** Its memory holds other values now; nothing may read it. */
  recycled: boolean
  readonly ticket: Ticket
}

const counters = { live: 0, peak: 0 }

function redeem(ticket: Ticket): void {
  if (ticket.released) return
  ticket.released = true
  counters.live -= ticket.bytes
  ticket.block?.free()
}

const registry = new FinalizationRegistry<Ticket>(redeem)

const isArray = (place: HostArray | Block): place is HostArray => ArrayBuffer.isView(place)

export function createStorage(dtype: DType, size: number, place: HostArray | Block): Storage {
  const bytes = size * bytesPerElement[dtype]
  const ticket: Ticket = { bytes, block: isArray(place) ? null : place, released: false }
  const storage: Storage = { dtype, size, bytes, place, sharers: 0, recycled: false, ticket }
  registry.register(storage, ticket)
  counters.live += bytes
  counters.peak = Math.max(counters.peak, counters.live)
  return storage
}

/** Moves the elements, which the caller has copied to `block`. */
export function moveStorage(storage: Storage, block: Block): void {
  storage.place = block
  storage.ticket.block = block
}

/** The elements for reading only; a view of the storage where that is possible. */
export const elementsOf = ({ place, dtype, size }: Storage): HostArray =>
  isArray(place) ? place : place.read(dtype, size)

/**
 * Refuses memory that holds other values by now.
 * @throws {SurprisalError} `disposed`
 */
export function checkReadable({ recycled, ticket }: Storage, op: string): void {
  if (recycled)
    throw new SurprisalError(
      'disposed',
      `${op}: needs a parameter value replaced two assignments ago (ask for results in one realize)`,
    )
  if (ticket.released) throw new SurprisalError('disposed', `${op}: needs a tensor that has been disposed of`)
}

/**
 * The elements for reading only, for the read that `op` names.
 * @throws {SurprisalError} `disposed` when the memory holds other values by now
 */
export function readableElements(storage: Storage, op: string): HostArray {
  checkReadable(storage, op)
  return elementsOf(storage)
}

/** Gives the memory back when the last of those who share it lets go, without waiting for the collector. */
export function releaseStorage(storage: Storage): void {
  if (storage.sharers > 0) storage.sharers -= 1
  else redeem(storage.ticket)
}

/** Counts `bytes` that are in use for a while beside what lives. */
export function countPassing(bytes: number): void {
  counters.peak = Math.max(counters.peak, counters.live + bytes)
}

export const memoryCounters = (): { live: number; peak: number } => ({ ...counters })
