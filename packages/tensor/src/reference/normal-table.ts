/** The smallest inputs have a row each. */
export const tailRows = 32
/** Pieces between one power of two and the next. */
export const piecesPerOctave = 32

const octaves = 26
/** Terms of a power series, and the longest step relative to the distance from its pole at 0: an error of 32^-11. */
const terms = 11
const longestStep = 1 / 32
/** Places of the Chebyshev nodes of degree 3 on either side of the middle of a piece of width 1. */
const node = Math.sqrt(3) / 4
/** Units of 2^-28. */
const units = 2 ** 28

/** The sum of `coefficients[k] * h^k`. */
function valueAt(coefficients: Float64Array, h: number): number {
  let sum = 0
  for (let k = terms - 1; k >= 0; k--) sum = sum * h + coefficients[k]
  return sum
}

/**
 * The quantile z of an upper tail of probability `u / 2^32` and the density `y` there, in units of 2^-32, as power
 * series around a moving place. They solve `z' = -1 / y, y' = z`, which takes the four operations only: what other
 * functions of `Math` give differs between machines.
 */
class Quantile {
  #u = 0.5
  readonly #z = new Float64Array(terms)
  readonly #y = new Float64Array(terms)

  constructor() {
    this.#expand(6.3379577545537895, 3.244356402841477)
  }

  /** Moves to a greater u: errors shrink on the way, since the density grows. */
  moveTo(u: number): void {
    while (this.#u < u) {
      const step = Math.min(u - this.#u, this.#u * longestStep)
      this.#u += step
      this.#expand(valueAt(this.#z, step), valueAt(this.#y, step))
    }
  }

  /** z at a distance `h` from here. */
  at(h: number): number {
    return valueAt(this.#z, h)
  }

  #expand(z: number, y: number): void {
    const [zs, ys] = [this.#z, this.#y]
    zs[0] = z
    ys[0] = y
    for (let k = 1; k < terms; k++) {
      ys[k] = zs[k - 1] / k
      let sum = k === 1 ? 1 : 0
      for (let j = 1; j < k; j++) sum += ys[k - j] * j * zs[j]
      zs[k] = -sum / (k * y)
    }
  }
}

/**
 * Rows `[c0, c1, c2]`, one after the other, of the fixed-point inverse normal distribution function, in units of
 * 2^-28: a value for each of the smallest inputs, then the quadratic functions that agree with it at the Chebyshev
 * nodes of each piece. It is the same on every machine.
 */
export function normalTable(): Int32Array {
  const table = new Int32Array((tailRows + octaves * piecesPerOctave) * 3)
  const quantile = new Quantile()
  for (let row = 0; row < tailRows; row++) {
    quantile.moveTo(row + 0.5)
    table[row * 3] = Math.round(quantile.at(0) * units)
  }
  for (let row = tailRows; row * 3 < table.length; row++) {
    const width = 2 ** Math.floor((row - tailRows) / piecesPerOctave)
    const start = (tailRows + ((row - tailRows) % piecesPerOctave)) * width
    quantile.moveTo(start + width / 2 + 0.5)
    const [before, middle, after] = [-node, 0, node].map(place => quantile.at(place * width) * units)
    const slope = (after - before) / (2 * node)
    const bend = (after + before - 2 * middle) / (2 * node * node)
    table.set([middle - slope / 2 + bend / 4, slope - bend, bend].map(Math.round), row * 3)
  }
  return table
}
