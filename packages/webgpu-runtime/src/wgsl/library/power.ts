/** Roots and powers. */
export const powerFunctions = {
  sqrtOf: `fn sqrtOf(x: f32) -> f32 {
  if (isNan(x) || x < 0.0) { return nanValue(); }
  return select(sqrt(x), x, x == 0.0 || isInf(x));
}`,
  rsqrtOf: `fn rsqrtOf(x: f32) -> f32 {
  if (isNan(x) || x < 0.0) { return nanValue(); }
  if (x == 0.0) { return select(infinity(), -infinity(), bitcast<u32>(x) != 0u); }
  return select(inverseSqrt(x), 0.0, isInf(x));
}`,
  // Small whole exponents by squaring, which keeps their digits.
  powWhole: `fn powWhole(a: f32, n: u32) -> f32 {
  var result = 1.0;
  var base = a;
  for (var rest = n; rest > 0u; rest = rest >> 1u) {
    if ((rest & 1u) == 1u) { result = result * base; }
    base = base * base;
  }
  return result;
}`,
  powOf: `fn powOf(a: f32, b: f32) -> f32 {
  if (a == 1.0 || b == 0.0) { return 1.0; }
  if (!ordered(a, b)) { return nanValue(); }
  let m = abs(a);
  let whole = isInf(b) || trunc(b) == b;
  let odd = !isInf(b) && whole && trunc(b * 0.5) != b * 0.5;
  if (isInf(b)) {
    if (m == 1.0) { return 1.0; }
    return select(0.0, infinity(), (m > 1.0) == (b > 0.0));
  }
  var y = 0.0;
  if (m == 0.0 || isInf(a)) { y = select(0.0, infinity(), isInf(a) == (b > 0.0)); }
  else if (a < 0.0 && !whole) { return nanValue(); }
  else if (whole && abs(b) <= 32.0) {
    y = powWhole(m, u32(abs(b)));
    if (b < 0.0) { y = 1.0 / y; }
  }
  else { y = exp2Of(b * log2Of(m)); }
  return select(y, -y, a < 0.0 && odd);
}`,
  hypotOf: `fn hypotOf(a: f32, b: f32) -> f32 {
  if (isInf(a) || isInf(b)) { return infinity(); }
  if (!ordered(a, b)) { return nanValue(); }
  let big = max(abs(a), abs(b));
  let ratio = min(abs(a), abs(b)) / big;
  return select(big * sqrt(1.0 + ratio * ratio), 0.0, big == 0.0);
}`,
}
