/** Collects the words of a phase; code refers to them by their numbers, which depend on its structure only. */
export class Words {
  readonly #values: number[] = []

  /** Appends words and returns the number of the first. */
  add(...values: readonly number[]): number {
    this.#values.push(...values)
    return this.#values.length - values.length
  }

  /** The words as the block holds them; pointers wrap at 2^32. */
  finish(): Int32Array {
    return Int32Array.from(this.#values, value => (value % 2 ** 32) | 0)
  }
}
