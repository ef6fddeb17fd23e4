import { horner } from '../horner.ts'

/** `2 atanh(s) / s` in powers of s^2 for s <= 1/3: a minimax fit, relative error below 4e-9. */
const atanhSeries = [0.28178332630931335, 0.27960607586142483, 0.40024909530341324, 0.6666631471232358, 2]

const special = (result: string): string => `
  let b = bitcast<u32>(x);
  if ((b & 0x7fffffffu) == 0u) { return -infinity(); }
  if (b > 0x7f800000u) { return nanValue(); }
  if (b == 0x7f800000u) { return x; }
  let parts = floatParts(x);
  return ${result};`

/** Logarithms, with NaN outside of their domains; the builtin is absolute, not relative, near 1. */
export const logarithmFunctions = {
  // The exponent, and the logarithm of the mantissa between the roots of 1/2 and 2.
  floatParts: `fn floatParts(x: f32) -> vec2<f32> {
  var b = bitcast<u32>(x);
  var e = 0;
  if (b < 0x800000u) {
    let shift = countLeadingZeros(b) - 8u;
    b = b << shift;
    e = -i32(shift);
  }
  e = e + i32(b >> 23u) - 127;
  var m = bitcast<f32>((b & 0x7fffffu) | 0x3f800000u);
  if (m > 1.4142135) { m = m * 0.5; e = e + 1; }
  return vec2<f32>(f32(e), logRatio((m - 1.0) / (m + 1.0)));
}`,
  logRatio: `fn logRatio(s: f32) -> f32 {
  let z = s * s;
  return s * ${horner('z', atanhSeries)};
}`,
  logOf: `fn logOf(x: f32) -> f32 {${special('parts.x * 0.693359375 + (parts.y - parts.x * 0.00021219444005469057)')}
}`,
  log2Of: `fn log2Of(x: f32) -> f32 {${special('parts.x + parts.y * 1.4426950408889634')}
}`,
  log10Of: `fn log10Of(x: f32) -> f32 {${special('parts.x * 0.3010299956639812 + parts.y * 0.4342944819032518')}
}`,
  log1pOf: `fn log1pOf(x: f32) -> f32 {
  if (x > -0.5 && x < 1.0 && !isNan(x)) { return logRatio(x / (2.0 + x)); }
  return logOf(1.0 + x);
}`,
  logaddexpOf: `fn logaddexpOf(a: f32, b: f32) -> f32 {
  let gap = select(abs(a - b), 0.0, bitcast<u32>(a) == bitcast<u32>(b));
  return select(maxOf(a, b) + log1pOf(expOf(-gap)), nanValue(), !ordered(a, b));
}`,
}
