import { horner } from '../horner.ts'

/** Of the Cephes library (Moshier, 1992), single precision. */
const atanTail = [0.0805374449538, -0.138776856032, 0.199777106478, -0.333329491539]
const asinTail = [0.042163199048, 0.024181311049, 0.045470025998, 0.074953002686, 0.16666752422]

/** Arcs; the builtins are good to four digits only. */
export const inverseTrigonometricFunctions = {
  atanOf: `fn atanOf(x: f32) -> f32 {
  let a = abs(x);
  var r = a;
  var y = 0.0;
  if (a > 1e8) { r = 0.0; y = 1.5707963267948966; }
  else if (a > 2.414213562373095) { r = -1.0 / a; y = 1.5707963267948966; }
  else if (a > 0.4142135623730951) { r = (a - 1.0) / (a + 1.0); y = 0.7853981633974483; }
  let z = r * r;
  let angle = y + (r * z * ${horner('z', atanTail)} + r);
  return select(select(angle, -angle, x < 0.0), x, isNan(x));
}`,
  asinNear: `fn asinNear(x: f32) -> f32 {
  let z = x * x;
  return x + x * z * ${horner('z', asinTail)};
}`,
  asinOf: `fn asinOf(x: f32) -> f32 {
  let a = abs(x);
  if (isNan(x) || a > 1.0) { return nanValue(); }
  let y = select(asinNear(a), 1.5707963267948966 - 2.0 * asinNear(sqrt(0.5 * (1.0 - a))), a > 0.5);
  return select(y, -y, x < 0.0);
}`,
  acosOf: `fn acosOf(x: f32) -> f32 {
  let a = abs(x);
  if (isNan(x) || a > 1.0) { return nanValue(); }
  let far = 2.0 * asinNear(sqrt(0.5 * (1.0 - a)));
  if (a > 0.5) { return select(far, 3.141592653589793 - far, x < 0.0); }
  return 1.5707963267948966 - asinNear(x);
}`,
  atan2Of: `fn atan2Of(y: f32, x: f32) -> f32 {
  if (!ordered(x, y)) { return nanValue(); }
  let negative = (bitcast<u32>(x) >> 31u) == 1u;
  let ax = abs(x);
  let ay = abs(y);
  var angle = atanOf(min(ax, ay) / max(ax, ay));
  if (isInf(x) && isInf(y)) { angle = 0.7853981633974483; }
  else if (ax == 0.0 && ay == 0.0) { angle = 0.0; }
  else if (isInf(x) || isInf(y)) { angle = 0.0; }
  if (ay > ax) { angle = 1.5707963267948966 - angle; }
  if (negative) { angle = 3.141592653589793 - angle; }
  return select(angle, -angle, (bitcast<u32>(y) >> 31u) == 1u);
}`,
}
