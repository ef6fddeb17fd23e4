/** Whether a value at a position leads over another one, which may be none (position -1). */
export const reduceFunctions = {
  leadsFloat: `fn leadsFloat(x: f32, i: i32, y: f32, j: i32) -> bool {
  if (i < 0) { return false; }
  if (j < 0) { return true; }
  if (isNan(x)) { return !isNan(y) || i < j; }
  if (isNan(y)) { return false; }
  return x > y || (x == y && i < j);
}`,
  leadsInt: `fn leadsInt(x: i32, i: i32, y: i32, j: i32) -> bool {
  return i >= 0 && (j < 0 || x > y || (x == y && i < j));
}`,
}
