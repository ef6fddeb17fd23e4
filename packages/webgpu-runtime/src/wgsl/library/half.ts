/*
 * Conversions of halves in integers, as the rounding of pack2x16float is not fixed.
 */

/** Halves to floats and back, to the nearest, ties to even. */
export const halfFunctions = {
  halfToFloat: `fn halfToFloat(h: u32) -> f32 {
  let e = (h >> 10u) & 31u;
  let m = h & 1023u;
  let sign = (h & 0x8000u) << 16u;
  let tiny = bitcast<u32>(f32(m) * 5.9604644775390625e-8);
  let normal = select(((e + 112u) << 23u) | (m << 13u), 0x7f800000u | (m << 13u), e == 31u);
  return bitcast<f32>(sign | select(normal, tiny, e == 0u));
}`,
  floatToHalf: `fn floatToHalf(x: f32) -> u32 {
  let b = bitcast<u32>(x) & 0x7fffffffu;
  let sign = (bitcast<u32>(x) >> 16u) & 0x8000u;
  if (b > 0x7f800000u) { return sign | 0x7e00u; }
  if (b >= 0x477ff000u) { return sign | 0x7c00u; }
  if (b >= 0x38800000u) { return sign | ((b - 0x38000000u + 0xfffu + ((b >> 13u) & 1u)) >> 13u); }
  let shift = min(126u - (b >> 23u), 31u);
  let m = (b & 0x7fffffu) | 0x800000u;
  let whole = m >> shift;
  let rest = m & ((1u << shift) - 1u);
  let tie = 1u << (shift - 1u);
  return sign | (whole + select(0u, 1u, rest > tie || (rest == tie && (whole & 1u) == 1u)));
}`,
  roundToHalf: 'fn roundToHalf(x: f32) -> f32 { return halfToFloat(floatToHalf(x)); }',
}
