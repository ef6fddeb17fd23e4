/** Deterministic words in place of random ones (a linear congruential generator's). */
export function words(count: number, seed = 1): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(count)
  let state = seed
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    out[i] = state ^ (state >>> 15)
  }
  return out
}

/** Where functions change their nature. */
const specials = Float32Array.of(
  ...[0, 2 ** -149, 1e-40, 2 ** -126, 0.25, 0.5, 1, 2, 3, 8, 9, 10, 100, 1000, 8192, 1e10, 3.4028234663852886e38],
  ...[Number.POSITIVE_INFINITY, 0.99999994, 1.0000001, 88.72283, 88.72284, 87.33655, 103.97, 103.98, 104.5, 128, 150],
)

/** Both signs of the special values and NaN, with other bits than usual, too. */
export function signedSpecials(): Float32Array {
  const strange = new Float32Array(Uint32Array.of(0x7fc00000, 0x7fc00301, 0xffc012ff, 0x7fffffff).buffer)
  return Float32Array.of(...specials, ...specials.map(x => -x), ...strange)
}

/** Floats of all exponents and signs in an even spread, then the special ones. */
export function floatsOfAllExponents(perExponent = 48): Float32Array {
  const bits = words(512 * perExponent)
  for (let i = 0; i < bits.length; i++) bits[i] = ((i % 512) << 23) | (bits[i] >>> 9)
  const regular = new Float32Array(bits.buffer)
  return Float32Array.of(...regular, ...signedSpecials())
}

/** `count` floats from `low` to `high` at equal distances. */
export const floatsBetween = (low: number, high: number, count = 8192): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1))

/** The distance of neighbouring float32 numbers at `x`. */
function ulp(x: number): number {
  const magnitude = Math.abs(x)
  return magnitude < 2 ** -126 ? 2 ** -149 : 2 ** (Math.floor(Math.log2(magnitude)) - 23)
}

/**
 * The error of a float32 result in units of the last place: infinite where the result is NaN, infinite or a zero of
 * another sign than it should be. A result may overflow early by as little as it may be wrong.
 */
export function errorInUlps(result: number, exact: number): number {
  const rounded = Math.fround(exact)
  if (Object.is(result, rounded)) return 0
  const largest = 2 ** 128
  const held = Math.abs(result) === Number.POSITIVE_INFINITY ? Math.sign(result) * largest : result
  if (Number.isNaN(held) || !Number.isFinite(exact) || (result === 0 && rounded === 0)) return Number.POSITIVE_INFINITY
  return Math.abs(held - exact) / ulp(Math.min(Math.abs(exact), 3.4e38))
}
