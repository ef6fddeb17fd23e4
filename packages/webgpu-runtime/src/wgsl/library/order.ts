/** Unsigned numbers in the order of floats. */
export const orderFunctions = {
  orderOfFloat: `fn orderOfFloat(x: f32) -> u32 {
  let b = bitcast<u32>(x);
  if (isNan(x)) { return 0xffffffffu; }
  if ((b & 0x7fffffffu) == 0u) { return 0x80000000u; }
  return select(b | 0x80000000u, ~b, (b >> 31u) == 1u);
}`,
}
