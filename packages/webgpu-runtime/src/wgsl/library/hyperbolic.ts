import { horner } from '../horner.ts'

/** `2 tanh(x / 2) = x P(x^2) / Q(x^2)` for |x| <= 9, and `tanh(x) / x` in powers of x^2 up to 0.49: minimax fits. */
const numerator = [-6.720470935306366e-8, 7.615074719069526e-5, 0.028316741809248924, 1.0]
const denominator = [0.0010470739798620343, 0.11164996773004532, 1.0]
const nearSeries = [
  -0.005041549775639586, 0.020002160192551143, -0.05353582772879855, 0.13329042631622226, -0.3333320862279076, 1,
]
/** Of the Cephes library (Moshier, 1992), for |x| <= 1. */
const sinhTail = [0.000203721912945, 0.00833028376239, 0.166667160211]

/** Hyperbolic functions and their inverses. */
export const hyperbolicFunctions = {
  tanhOf: `fn tanhOf(x: f32) -> f32 {
  let c = clamp(x, -9.0, 9.0);
  let z = c * c;
  let top = c * ${horner('z', numerator)};
  let bottom = ${horner('z', denominator)};
  let far = clamp(top * bottom / (bottom * bottom + 0.25 * top * top), -1.0, 1.0);
  return select(select(far, c * ${horner('z', nearSeries)}, z < 0.49), x, isNan(x));
}`,
  sinhOf: `fn sinhOf(x: f32) -> f32 {
  let a = abs(x);
  if (isNan(x)) { return x; }
  if (a < 1.0) {
    let z = x * x;
    return x + x * z * ${horner('z', sinhTail)};
  }
  let t = expOf(a - 0.6931471805599453);
  let y = t - 0.25 / t;
  return select(y, -y, x < 0.0);
}`,
  coshOf: `fn coshOf(x: f32) -> f32 {
  let t = expOf(abs(x) - 0.6931471805599453);
  return select(t + 0.25 / t, x, isNan(x));
}`,
  asinhOf: `fn asinhOf(x: f32) -> f32 {
  let a = abs(x);
  if (!isFinite(x)) { return x; }
  let far = logOf(a) + 0.6931471805599453;
  let b = min(a, 1e9);
  let y = select(log1pOf(b + b * b / (1.0 + sqrt(b * b + 1.0))), far, a > 1e9);
  return select(y, -y, x < 0.0);
}`,
  acoshOf: `fn acoshOf(x: f32) -> f32 {
  if (isNan(x) || x < 1.0) { return nanValue(); }
  if (x > 1e9) { return logOf(x) + 0.6931471805599453; }
  let t = x - 1.0;
  return log1pOf(t + sqrt(2.0 * t + t * t));
}`,
  atanhOf: `fn atanhOf(x: f32) -> f32 {
  let a = abs(x);
  if (isNan(x) || a > 1.0) { return nanValue(); }
  if (a == 1.0) { return select(infinity(), -infinity(), x < 0.0); }
  let y = 0.5 * log1pOf(2.0 * a / (1.0 - a));
  return select(y, -y, x < 0.0);
}`,
}
