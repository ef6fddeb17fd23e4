/*
 * Compilers may assume that floats are neither NaN nor infinite, and refuse literals of them: they are told by their
 * bits, and made of bits that the compiler does not know (the fourth word of the parameters is zero).
 */

/** NaN and infinities. */
export const bitFunctions = {
  nanValue: 'fn nanValue() -> f32 { return bitcast<f32>(0x7fc00000u | p[0].w); }',
  zeroValue: 'fn zeroValue() -> f32 { return bitcast<f32>(p[0].w); }',
  infinity: 'fn infinity() -> f32 { return bitcast<f32>(0x7f800000u | p[0].w); }',
  isNan: 'fn isNan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }',
  isInf: 'fn isInf(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) == 0x7f800000u; }',
  isFinite: 'fn isFinite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) < 0x7f800000u; }',
  isTrue: 'fn isTrue(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) != 0u; }',
  ordered: 'fn ordered(a: f32, b: f32) -> bool { return !isNan(a) && !isNan(b); }',
  signOf: `fn signOf(x: f32) -> f32 {
  let side = select(1.0, -1.0, (bitcast<u32>(x) >> 31u) == 1u);
  return select(side, x, !isTrue(x) || isNan(x));
}`,
  maxOf: `fn maxOf(a: f32, b: f32) -> f32 {
  return select(select(select(b, a, a > b), b, isNan(b)), a, isNan(a));
}`,
  minOf: `fn minOf(a: f32, b: f32) -> f32 {
  return select(select(select(b, a, a < b), b, isNan(b)), a, isNan(a));
}`,
  fmaxOf: `fn fmaxOf(a: f32, b: f32) -> f32 {
  return select(select(select(b, a, a > b), a, isNan(b)), b, isNan(a));
}`,
  fminOf: `fn fminOf(a: f32, b: f32) -> f32 {
  return select(select(select(b, a, a < b), a, isNan(b)), b, isNan(a));
}`,
  toInt: `fn toInt(x: f32) -> i32 {
  let inside = i32(clamp(x, -2147483648.0, 2147483520.0));
  return select(select(inside, 2147483647, x >= 2147483648.0), 0, isNan(x));
}`,
}
