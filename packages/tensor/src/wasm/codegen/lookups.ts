import { bytesPerElement } from '../../dtype.ts'
import type { Local } from '../code.ts'
import type { Frame } from './frame.ts'
import type { Layout } from './layout.ts'
import type { Words } from './words.ts'

/** Locals of a lookup's size and of its stride in bytes. */
export interface LookupBounds {
  readonly size: Local
  readonly stride: Local
}

/** Sizes and strides of the lookups of a group. */
export class Lookups {
  readonly #words = new Map<number, number>()
  readonly #bounds = new Map<number, LookupBounds>()

  constructor(words: Words, { group }: Layout) {
    group.instructions.forEach((instruction, i) => {
      if (instruction.kind !== 'lookup') return
      const stride = instruction.stride * bytesPerElement[group.buffers[instruction.buffer]]
      this.#words.set(i, words.add(instruction.size, stride))
    })
  }

  /** Reads them into locals. */
  prepare(frame: Frame): void {
    for (const [i, word] of this.#words) this.#bounds.set(i, { size: frame.hold(word), stride: frame.hold(word + 1) })
  }

  /** Those of an instruction, which must be a lookup. */
  bounds(i: number): LookupBounds {
    return this.#bounds.get(i)!
  }
}
