/** Unsigned numbers in the order of floats, NaN the greatest, and of integers. */
export const orderFunctions = {
  orderOfFloat: `fn orderOfFloat(x: f32) -> u32 {
  let b = bitcast<u32>(x);
  if (isNan(x)) { return 0xffffffffu; }
  if ((b & 0x7fffffffu) == 0u) { return 0x80000000u; }
  return select(b | 0x80000000u, ~b, (b >> 31u) == 1u);
}`,
  floatOfOrder: `fn floatOfOrder(k: u32) -> f32 {
  if (k == 0xffffffffu) { return nanValue(); }
  return bitcast<f32>(select(~k, k ^ 0x80000000u, (k >> 31u) == 1u));
}`,
  orderOfInt: 'fn orderOfInt(x: i32) -> u32 { return bitcast<u32>(x) ^ 0x80000000u; }',
  intOfOrder: 'fn intOfOrder(k: u32) -> i32 { return bitcast<i32>(k ^ 0x80000000u); }',
}
