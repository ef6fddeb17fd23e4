/** What division leaves, exactly: long division of the mantissas, eight bits at a time. */
export const divisionFunctions = {
  mantissa: `fn mantissa(b: u32) -> vec2<u32> {
  if (b >= 0x800000u) { return vec2<u32>((b & 0x7fffffu) | 0x800000u, b >> 23u); }
  return vec2<u32>(b, 1u);
}`,
  fmodOf: `fn fmodOf(a: f32, b: f32) -> f32 {
  let x = bitcast<u32>(a) & 0x7fffffffu;
  let y = bitcast<u32>(b) & 0x7fffffffu;
  if (x >= 0x7f800000u || y > 0x7f800000u || y == 0u) { return nanValue(); }
  if (x < y) { return a; }
  let top = mantissa(x);
  let bottom = mantissa(y);
  var rest = top.x % bottom.x;
  for (var e = top.y - bottom.y; e > 0u; ) {
    let step = min(e, 8u);
    rest = (rest << step) % bottom.x;
    e = e - step;
  }
  let sign = bitcast<u32>(a) & 0x80000000u;
  if (rest == 0u) { return bitcast<f32>(sign); }
  let shift = countLeadingZeros(rest) - 8u;
  if (shift >= bottom.y) { return bitcast<f32>(sign | (rest << (bottom.y - 1u))); }
  return bitcast<f32>(sign | ((bottom.y - shift) << 23u) | ((rest << shift) & 0x7fffffu));
}`,
  remainderOf: `fn remainderOf(a: f32, b: f32) -> f32 {
  let rest = fmodOf(a, b);
  return select(rest, rest + b, rest != 0.0 && !isNan(rest) && (rest < 0.0) != (b < 0.0));
}`,
  floorDivideOf: `fn floorDivideOf(a: f32, b: f32) -> f32 {
  let q = a / b;
  if (!isFinite(a) || !isFinite(q) || b == 0.0 || isInf(b) || abs(q) > 2097152.0) { return floor(q); }
  return round(q - remainderOf(a, b) / b);
}`,
}
