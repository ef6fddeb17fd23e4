/** The words before all others: units, and a zero that the compiler does not know to be one. */
const header = 4

/** The parameters of a kernel: sizes and strides, which are not part of its code, and the numbers of a run. */
export class Params {
  readonly #words: number[] = [0, 0, 0, 0]
  readonly #slots = new Map<number, number>()

  /** Puts a word into the block and gives the expression that reads it as u32. */
  word(value: number): string {
    return this.#at(this.#words.push(value) - 1)
  }

  /** The expressions of the two words of a scalar. */
  slot(slot: number): readonly [string, string] {
    const at = this.#slots.get(slot) ?? this.#words.push(0, 0) - 2
    this.#slots.set(slot, at)
    return [this.#at(at), this.#at(at + 1)]
  }

  /** Sets the number of elements or rows, which `p[0].x` reads. */
  setUnits(units: number): void {
    this.#words[0] = units
  }

  /** Where the two words of each scalar stand. */
  get slots(): ReadonlyMap<number, number> {
    return this.#slots
  }

  /** A block with the words set, scalars left 0. */
  block(): Uint32Array<ArrayBuffer> {
    const block = new Uint32Array(this.vectors * 4)
    this.#words.forEach((word, i) => {
      block[i] = word
    })
    return block
  }

  /** Length in vectors of four words. */
  get vectors(): number {
    return Math.ceil(Math.max(header, this.#words.length) / 4)
  }

  #at(i: number): string {
    return `p[${i >> 2}].${'xyzw'[i & 3]}`
  }
}
