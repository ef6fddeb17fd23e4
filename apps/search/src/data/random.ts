import { threefry2x32 } from '@surprisal/tensor'

/** A stream of random numbers that its seed and the number of draws determine. */
export class RandomStream {
  readonly #key: readonly [number, number]
  #drawn = 0

  constructor(seed: number, stream = 0) {
    this.#key = [seed >>> 0, stream >>> 0]
  }

  /** Uniform in [0, 1). */
  next(): number {
    const [bits] = threefry2x32(this.#key, [Math.floor(this.#drawn / 2 ** 32), this.#drawn >>> 0])
    this.#drawn += 1
    return (bits >>> 0) / 2 ** 32
  }

  /** A whole number in [0, below). */
  below(below: number): number {
    return Math.floor(this.next() * below)
  }

  /** One entry of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]
  }

  /** `count` different whole numbers in [0, below), in random order. */
  distinct(count: number, below: number): number[] {
    const chosen = new Set<number>()
    while (chosen.size < Math.min(count, below)) chosen.add(this.below(below))
    return [...chosen]
  }
}
