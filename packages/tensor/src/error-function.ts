/*
 * The error function in float64, after the rational approximations of FreeBSD's s_erf.c
 * (Sun Microsystems, 1993), relative error below 1e-15.
 */

/** Value of the polynomial with these coefficients, lowest degree first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * x + coefficients[k]
  return sum
}

const shift = 0.8450629115104675
const near = 0.1283791670955126

const pp = [
  0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442, -2.3763016656650163e-5,
]
const qq = [
  1, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164, -3.960228278775368e-6,
]
const pa = [
  -0.0023621185607526594, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175, -0.11089469428239668,
  0.035478304325618236, -0.002166375594868791,
]
const qa = [
  1, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164, 0.01363708391202905,
  0.011984499846799107,
]
const ra = [
  -0.009864944034847148, -0.6938585727071818, -10.558626225323291, -62.375332450326006, -162.39666946257347,
  -184.60509290671104, -81.2874355063066, -9.814329344169145,
]
const sa = [
  1, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679, 429.00814002756783,
  108.63500554177944, 6.570249770319282, -0.0604244152148581,
]
const rb = [
  -0.0098649429247001, -0.799283237680523, -17.757954917754752, -160.63638485582192, -637.5664433683896,
  -1025.0951316110772, -483.5191916086514,
]
const sb = [
  1, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955, 2553.0504064331644,
  474.52854120695537, -22.44095244658582,
]

const single = new Float32Array(1)

/** `erfc(x)` for x >= 1.25: exp(-x^2) is split at a short z, whose square is exact. */
function tail(x: number): number {
  const s = 1 / (x * x)
  const ratio = x < 1 / 0.35 ? polynomial(ra, s) / polynomial(sa, s) : polynomial(rb, s) / polynomial(sb, s)
  single[0] = x
  const z = single[0]
  return (Math.exp(-z * z - 0.5625) * Math.exp((z - x) * (z + x) + ratio)) / x
}

/** The error function `2/sqrt(pi) * integral of exp(-t^2) from 0 to x`. */
export function erf(x: number): number {
  const a = Math.abs(x)
  if (a < 0.84375) {
    if (a < 3.7252902984e-9) return x + near * x
    const z = x * x
    return x + x * (polynomial(pp, z) / polynomial(qq, z))
  }
  if (!(a < 6)) return a >= 6 ? Math.sign(x) : x
  const s = a - 1
  const magnitude = a < 1.25 ? shift + polynomial(pa, s) / polynomial(qa, s) : 1 - tail(a)
  return x < 0 ? -magnitude : magnitude
}

/** `1 - erf(x)` without cancellation for large x. */
export function erfc(x: number): number {
  const a = Math.abs(x)
  if (a < 0.84375) {
    const z = x * x
    const y = polynomial(pp, z) / polynomial(qq, z)
    return x < 0.25 ? 1 - (x + x * y) : 0.5 - (x - 0.5 + x * y)
  }
  if (a < 1.25) {
    const y = polynomial(pa, a - 1) / polynomial(qa, a - 1)
    return x > 0 ? 1 - shift - y : 1 + (shift + y)
  }
  if (!(a < 28)) return a >= 28 ? (x > 0 ? 0 : 2) : x
  return x > 0 ? tail(x) : 2 - tail(a)
}

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
