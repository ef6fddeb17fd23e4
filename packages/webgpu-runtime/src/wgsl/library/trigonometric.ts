import { horner } from '../horner.ts'

/** `(sin(r) - r) / r^3` and `(cos(r) - 1 + r^2 / 2) / r^4` in powers of r^2 for |r| <= pi / 4: minimax fits. */
const sinTail = [-0.00019502623223478926, 0.008332091115835497, -0.166666545301708]
const cosTail = [2.4462493995726053e-5, -0.001388764452167639, 0.04166664450735538]

/**
 * Sine, cosine and tangent of any number: the argument is reduced in integers (Payne and Hanek, "Radian reduction for
 * trigonometric functions", 1983), as the builtins are only good near zero, and as compilers may reorder sums of floats.
 */
export const trigonometricFunctions = {
  twoOverPi: `fn twoOverPi(i: u32) -> u32 {
  var words = array<u32, 9>(0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu, 0xdebbc561u);
  return words[i];
}`,
  highProduct: `fn highProduct(a: u32, b: u32) -> u32 {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let mid = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let cross = (a & 0xffffu) * (b >> 16u) + (mid & 0xffffu);
  return (a >> 16u) * (b >> 16u) + (mid >> 16u) + (cross >> 16u);
}`,
  // Bits of 2/pi from a bit on.
  twoOverPiFrom: `fn twoOverPiFrom(bit: u32) -> u32 {
  let i = bit >> 5u;
  let s = bit & 31u;
  return select((twoOverPi(i) << s) | (twoOverPi(i + 1u) >> ((32u - s) & 31u)), twoOverPi(i), s == 0u);
}`,
  // The quadrant, and how far x is from its middle in radians.
  quadrant: `fn quadrant(x: f32) -> vec2<f32> {
  let b = bitcast<u32>(x) & 0x7fffffffu;
  if (b < 0x3f490fdbu) { return vec2<f32>(0.0, x); }
  let m = (b & 0x7fffffu) | 0x800000u;
  let first = (b >> 23u) - 120u;
  let w0 = twoOverPiFrom(first);
  let w1 = twoOverPiFrom(first + 32u);
  let w2 = twoOverPiFrom(first + 64u);
  let p2 = m * w2;
  let carry = highProduct(m, w2);
  let p1 = m * w1 + carry;
  let p0 = m * w0 + highProduct(m, w1) + select(0u, 1u, p1 < carry);
  var high = (p0 << 2u) | (p1 >> 30u);
  var low = (p1 << 2u) | (p2 >> 30u);
  var q = (p0 >> 30u) + (high >> 31u);
  var side = 1.0;
  if (high >= 0x80000000u) {
    low = ~low + 1u;
    high = ~high + select(0u, 1u, low == 0u);
    side = -1.0;
  }
  var scale = 95u;
  if (high == 0u) { high = low; low = 0u; scale = 63u; }
  let s = countLeadingZeros(high) & 31u;
  let top = (high << s) | select(low >> ((32u - s) & 31u), 0u, s == 0u);
  let r = side * f32(top >> 8u) * 256.0 * bitcast<f32>((scale - s) << 23u) * 1.5707963267948966;
  if ((bitcast<u32>(x) >> 31u) == 1u) { return vec2<f32>(f32((4u - (q & 3u)) & 3u), -r); }
  return vec2<f32>(f32(q & 3u), r);
}`,
  sinNear: `fn sinNear(r: f32) -> f32 {
  let z = r * r;
  return r + r * z * ${horner('z', sinTail)};
}`,
  cosNear: `fn cosNear(r: f32) -> f32 {
  let z = r * r;
  return (1.0 - 0.5 * z) + z * z * ${horner('z', cosTail)};
}`,
  sinOf: `fn sinOf(x: f32) -> f32 {
  if (!isFinite(x)) { return nanValue(); }
  let at = quadrant(x);
  let q = u32(at.x);
  let y = select(sinNear(at.y), cosNear(at.y), (q & 1u) == 1u);
  return select(y, -y, q >= 2u);
}`,
  cosOf: `fn cosOf(x: f32) -> f32 {
  if (!isFinite(x)) { return nanValue(); }
  let at = quadrant(x);
  let q = u32(at.x);
  let y = select(cosNear(at.y), sinNear(at.y), (q & 1u) == 1u);
  return select(y, -y, q == 1u || q == 2u);
}`,
  tanOf: `fn tanOf(x: f32) -> f32 {
  if (!isFinite(x)) { return nanValue(); }
  let at = quadrant(x);
  let s = sinNear(at.y);
  let c = cosNear(at.y);
  return select(s / c, -c / s, (u32(at.x) & 1u) == 1u);
}`,
}
