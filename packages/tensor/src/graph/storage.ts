import type { Device } from '../device.ts'
import { bytesPerElement, type DType, type HostArray } from '../dtype.ts'
import { SurprisalError } from '../error.ts'

/** A piece of an executor's memory. */
export interface Block {
  /** Default: 'cpu' */
  readonly device?: Device
  /** The elements where they are on the host as well. Default: they are not */
  readonly host?: HostArray | null
  /** The elements, as a view where the memory has host types, as a copy where it has not (float16). */
  read(dtype: DType, size: number): HostArray
  /** As `read`, as a copy; where elements cannot be had at once. */
  load?(dtype: DType, size: number): Promise<HostArray>
  /** Gives the memory back; nothing may read the block afterwards. */
  free(): void
}

/** Counts the bytes of a storage until it is released or collected. */
interface Ticket {
  readonly bytes: number
  block: Block | null
  counters: Counters
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

interface Counters {
  live: number
  peak: number
}

const countersOf: Readonly<Record<Device, Counters>> = { cpu: { live: 0, peak: 0 }, webgpu: { live: 0, peak: 0 } }
const counters = countersOf.cpu

function count(own: Counters, bytes: number): void {
  own.live += bytes
  if (own.live > own.peak) own.peak = own.live
}

function redeem(ticket: Ticket): void {
  if (ticket.released) return
  ticket.released = true
  ticket.counters.live -= ticket.bytes
  ticket.block?.free()
}

const registry = new FinalizationRegistry<Ticket>(redeem)

const isArray = (place: HostArray | Block): place is HostArray => ArrayBuffer.isView(place)

export function createStorage(dtype: DType, size: number, place: HostArray | Block): Storage {
  const bytes = size * bytesPerElement[dtype]
  const block = isArray(place) ? null : place
  const ticket: Ticket = { bytes, block, counters: countersOf[block?.device ?? 'cpu'], released: false }
  const storage: Storage = { dtype, size, bytes, place, sharers: 0, recycled: false, ticket }
  registry.register(storage, ticket)
  count(ticket.counters, bytes)
  return storage
}

/** Moves the elements, which the caller has copied to `place`. */
export function moveStorage(storage: Storage, place: HostArray | Block): void {
  const { ticket } = storage
  ticket.block?.free()
  storage.place = place
  ticket.block = isArray(place) ? null : place
  const own = countersOf[ticket.block?.device ?? 'cpu']
  if (own === ticket.counters) return
  ticket.counters.live -= ticket.bytes
  ticket.counters = own
  count(own, ticket.bytes)
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

export const memoryCounters = (device: Device = 'cpu'): { live: number; peak: number } => ({ ...countersOf[device] })
