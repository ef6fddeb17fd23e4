import type { DType, HostArray } from '../dtype.ts'
import { bytesPerElement } from '../dtype.ts'
import { type Block, checkReadable, elementsOf, moveStorage, type Storage } from '../graph/storage.ts'
import type { Arena, Span } from './arena.ts'

/** From this many bytes on a block makes itself felt to the collector. */
const weighty = 1024

/** A block of an arena. */
export class ArenaBlock implements Block {
  readonly arena: Arena
  readonly span: Span
  /**
   * Untouched memory of the same size: the collector, which does not see the arena, runs in time to find values that
   * nothing holds any more. Only where free blocks did not suffice.
   */
  readonly weight: ArrayBuffer | null

  constructor(arena: Arena, span: Span) {
    this.arena = arena
    this.span = span
    this.weight = span.fresh && span.capacity >= weighty ? new ArrayBuffer(span.capacity) : null
  }

  read(dtype: DType, size: number): HostArray {
    return this.arena.read(this.span.address, dtype, size)
  }

  free(): void {
    this.arena.free(this.span)
  }
}

/** Where a storage's elements stand in the arena; they move there at their first use. */
export function addressOf(arena: Arena, storage: Storage, op: string): number {
  checkReadable(storage, op)
  const { place, dtype, size } = storage
  if (place instanceof ArenaBlock && place.arena === arena) return place.span.address
  const elements = elementsOf(storage)
  const span = arena.allocate(size * bytesPerElement[dtype], op)
  arena.write(span.address, dtype, elements)
  moveStorage(storage, new ArenaBlock(arena, span))
  return span.address
}
