/*
 * The logarithm of the gamma function and its derivatives in float64: arguments are raised by the recurrence until
 * the asymptotic series with Bernoulli numbers holds (Abramowitz & Stegun, "Handbook of Mathematical Functions", 1964,
 * 6.1.40, 6.3.18 and 6.4.11); relative error below 1e-13 but near zeros, where it is absolute.
 */

/** Bernoulli numbers B_2, B_4, ..., B_16. */
const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510]
const least = 10

/** `sum of weight(2k) B_2k / x^2k`. */
function asymptotic(x: number, weight: (twoK: number) => number): number {
  let sum = 0
  let power = 1
  bernoulli.forEach((number, k) => {
    power /= x * x
    sum += number * weight(2 * k + 2) * power
  })
  return sum
}

/** `sin` and `tan` of pi x lose no digits for large x. */
const fromNearest = (x: number): number => Math.PI * (x - Math.round(x))

/** `log |gamma(x)|`; +Infinity at the poles 0, -1, -2, ... */
export function lgamma(x: number): number {
  if (x <= 0) {
    if (Math.floor(x) === x) return Number.POSITIVE_INFINITY
    return Math.log(Math.PI / Math.abs(Math.sin(fromNearest(x)))) - lgamma(1 - x)
  }
  if (x === 1 || x === 2) return 0
  if (x === Number.POSITIVE_INFINITY) return x
  let z = x
  let product = 1
  for (; z < least; z++) product *= z
  const series = z * asymptotic(z, k => 1 / (k * (k - 1)))
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - Math.log(product)
}

/** The derivative of {@link lgamma}; -Infinity at 0 (+Infinity at -0), NaN at the negative integers. */
export function digamma(x: number): number {
  if (x === 0) return -1 / x
  if (x < 0) return Math.floor(x) === x ? Number.NaN : digamma(1 - x) - Math.PI / Math.tan(fromNearest(x))
  let z = x
  let sum = 0
  for (; z < least; z++) sum -= 1 / z
  return sum + Math.log(z) - 0.5 / z - asymptotic(z, k => 1 / k)
}

/** `n! zeta(n + 1, x)`, which is the sum of `n! / (x + j)^(n + 1)`, for x > 0 and n >= 1. */
function tail(n: number, x: number): number {
  const scale = lgamma(n + 1)
  let z = x
  let sum = 0
  for (; z < n + least; z++) sum += Math.exp(scale - (n + 1) * Math.log(z))
  let rising = 1
  let next = 1
  const series = asymptotic(z, k => {
    for (; next <= k; next++) rising *= (n + next - 1) / next
    return rising
  })
  return sum + (Math.exp(scale - n * Math.log(z)) / n) * (1 + n / (2 * z) + series)
}

/** The derivative of order n of {@link digamma}; at the poles +Infinity for odd n, -Infinity for even n. */
export function polygamma(n: number, x: number): number {
  if (n === 0) return digamma(x)
  const sign = n % 2 === 1 ? 1 : -1
  if (x > 0) return sign * tail(n, x)
  const below = -x - Math.floor(-x)
  if (below === 0) return sign * Number.POSITIVE_INFINITY
  return sign * tail(n, 1 - below) + tail(n, below) - tail(n, 1 - x)
}
