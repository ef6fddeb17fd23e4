/** Where the generator's choices come from. */
export interface Source {
  /** An integer from `min` to `max`, both included. */
  nextInt(min: number, max: number): number
}

/** Choices of the generator over a source of integers. */
export class Draw {
  readonly #source: Source

  constructor(source: Source) {
    this.#source = source
  }

  /** An integer from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return this.#source.nextInt(min, max)
  }

  /** True with probability `p`. */
  chance(p: number): boolean {
    return this.#source.nextInt(0, 9999) < p * 10000
  }

  pick<T>(list: readonly T[]): T {
    return list[this.#source.nextInt(0, list.length - 1)]
  }

  /** One of the entries, by weight. */
  weighted<T extends { readonly weight: number }>(list: readonly T[]): T {
    let rest = this.#source.nextInt(0, list.reduce((sum, entry) => sum + entry.weight, 0) - 1)
    for (const entry of list) {
      if (rest < entry.weight) return entry
      rest -= entry.weight
    }
    return list[list.length - 1]
  }

  /** The list in another order. */
  shuffle<T>(list: readonly T[]): T[] {
    const shuffled = [...list]
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.int(0, i)
      ;[shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]]
    }
    return shuffled
  }
}
