import { SurprisalError } from '@surprisal/tensor'
import { requireList, requireOneOf } from './check.ts'
import type { ConflictOptions, Id } from './types.ts'

/** The ids of an index in row order, with the way back from id to row. */
export class IdTable {
  readonly #rowOf = new Map<Id, number>()
  #ids: Id[] = []

  /** Ids by row. */
  get ids(): readonly Id[] {
    return this.#ids
  }

  /** The row of an id, or undefined. */
  row(id: Id): number | undefined {
    return this.#rowOf.get(id)
  }

  /**
   * Checks a batch before anything changes: kinds of ids, repeats within the batch, conflicts with the table.
   * @returns the ids of the batch that are in the table already (empty unless `onConflict` is `'replace'`)
   */
  conflicts(caller: string, ids: readonly Id[], { onConflict = 'error' }: ConflictOptions): Id[] {
    requireList(caller, 'ids', ids)
    requireOneOf(caller, 'onConflict', onConflict, ['error', 'replace'])
    const seen = new Set<Id>()
    const present: Id[] = []
    for (const id of ids) {
      requireId(caller, id)
      if (seen.has(id)) throw new SurprisalError('argument', `${caller}: id ${show(id)} occurs twice in one call`)
      seen.add(id)
      if (!this.#rowOf.has(id)) continue
      if (onConflict === 'error') {
        throw new SurprisalError(
          'argument',
          `${caller}: id ${show(id)} is in the index already; onConflict: 'replace' replaces it`,
        )
      }
      present.push(id)
    }
    return present
  }

  /** Gives the next rows to these ids, which must be new. */
  append(ids: readonly Id[]): void {
    for (const id of ids) {
      this.#rowOf.set(id, this.#ids.length)
      this.#ids.push(id)
    }
  }

  /**
   * Drops these ids, moving the later rows up.
   * @returns the rows that stay, ascending, or undefined when none of the ids was in the table
   */
  remove(ids: Iterable<Id>): Int32Array | undefined {
    const dead = new Set<number>()
    for (const id of ids) {
      const row = this.#rowOf.get(id)
      if (row !== undefined) dead.add(row)
    }
    if (dead.size === 0) return undefined
    const kept = new Int32Array(this.#ids.length - dead.size)
    for (let row = 0, n = 0; row < this.#ids.length; row++) if (!dead.has(row)) kept[n++] = row
    const before = this.#ids
    this.#ids = []
    this.#rowOf.clear()
    this.append(Array.from(kept, row => before[row]))
    return kept
  }
}

/** Throws unless the id is a string or a safe integer. */
export function requireId(caller: string, id: Id): void {
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) {
    throw new SurprisalError('argument', `${caller}: an id must be a string or an integer, got ${String(id)}`)
  }
}

function show(id: Id): string {
  return JSON.stringify(id)
}
