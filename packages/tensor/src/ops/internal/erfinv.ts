import { erf, erfc } from '../../error-function.ts'

/** Winitzki's closed form, good to 3 digits. */
function approximateErfinv(y: number): number {
  const a = 0.147
  const logarithm = Math.log((1 - y) * (1 + y))
  const t = 2 / (Math.PI * a) + logarithm / 2
  return Math.sqrt(Math.sqrt(t * t - logarithm / a) - t)
}

/** The inverse of the error function in float64, by Halley steps from an approximation. */
export function erfinv(y: number): number {
  const size = Math.abs(y)
  if (!(size < 1)) return size === 1 ? y * Number.POSITIVE_INFINITY : Number.NaN
  if (size === 0) return y
  let x = approximateErfinv(size)
  for (let step = 0; step < 3; step++) {
    const excess = size < 0.5 ? erf(x) - size : 1 - size - erfc(x)
    const correction = (excess * Math.sqrt(Math.PI)) / (2 * Math.exp(-x * x))
    x -= correction / (1 + x * correction)
  }
  return y < 0 ? -x : x
}
