/** Division, powers and shifts of int32, defined everywhere. */
export const integerFunctions = {
  intFmod: `fn intFmod(a: i32, b: i32) -> i32 {
  if (b == 0 || b == -1) { return 0; }
  return a % b;
}`,
  intRemainder: `fn intRemainder(a: i32, b: i32) -> i32 {
  let rest = intFmod(a, b);
  return select(rest, rest + b, rest != 0 && (rest < 0) != (b < 0));
}`,
  intFloorDivide: `fn intFloorDivide(a: i32, b: i32) -> i32 {
  if (b == 0) { return 0; }
  if (b == -1) { return -a; }
  let q = a / b;
  return select(q, q - 1, q * b != a && (a < 0) != (b < 0));
}`,
  intPow: `fn intPow(a: i32, b: i32) -> i32 {
  if (b < 0) { return select(select(0, select(-1, 1, (b & 1) == 0), a == -1), 1, a == 1); }
  var result = 1;
  var base = a;
  for (var rest = b; rest > 0; rest = rest >> 1u) {
    if ((rest & 1) == 1) { result = result * base; }
    base = base * base;
  }
  return result;
}`,
  intShiftLeft: `fn intShiftLeft(a: i32, b: i32) -> i32 {
  return select(0, a << (u32(b) & 31u), u32(b) < 32u);
}`,
  intShiftRight: 'fn intShiftRight(a: i32, b: i32) -> i32 { return a >> min(u32(b), 31u); }',
  toInt8: 'fn toInt8(x: i32) -> i32 { return (x << 24u) >> 24u; }',
}
