import { type RandomKey, randomKey, threefry2x32 } from '@surprisal/tensor'

/**
 * Random numbers for plain loops. A stream follows from its seed, and can be gone on from at any place.
 * @see Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011
 */
export class HostRandom {
  readonly #key: RandomKey
  /** Numbers drawn so far. */
  drawn: number
  #spare: number | null = null

  /** @param key random key, or its seed */
  constructor(key: RandomKey | number, drawn = 0) {
    this.#key = typeof key === 'number' ? randomKey(key) : key
    this.drawn = drawn
  }

  /** Uniform in [0, 1), in steps of 2^-32. */
  uniform(): number {
    const at = this.drawn++
    const isOdd = at % 2 === 1
    if (isOdd && this.#spare !== null) {
      const value = this.#spare
      this.#spare = null
      return value
    }
    const half = Math.floor(at / 2)
    const [first, second] = threefry2x32(this.#key, [Math.floor(half / 2 ** 32), half >>> 0])
    this.#spare = isOdd ? null : second / 2 ** 32
    return (isOdd ? second : first) / 2 ** 32
  }

  /** Whole number from 0 up to, and without, `below`. */
  below(below: number): number {
    return Math.floor(this.uniform() * below)
  }

  /** Normal with mean 0 and deviation 1, by Box and Muller. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()))
    return radius * Math.cos(2 * Math.PI * this.uniform())
  }
}
