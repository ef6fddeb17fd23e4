/** The logarithm of the gamma function and its derivative: raised by the recurrence until Stirling's series holds. */
export const gammaFunctions = {
  sinPi: `fn sinPi(x: f32) -> f32 { return sinOf(3.141592653589793 * (x - round(x))); }`,
  lgammaPositive: `fn lgammaPositive(x: f32) -> f32 {
  if (x == 1.0 || x == 2.0) { return 0.0; }
  var z = x;
  var product = 1.0;
  for (; z < 8.0; z = z + 1.0) { product = product * z; }
  let w = 1.0 / z;
  let series = w * (0.08333333333333333 - w * w * (0.002777777777777778 - w * w * 0.0007936507936507937));
  return (z - 0.5) * logOf(z) - z + 0.9189385332046728 + series - logOf(product);
}`,
  lgammaOf: `fn lgammaOf(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  if (isInf(x)) { return infinity(); }
  if (x > 0.0) { return lgammaPositive(x); }
  if (floor(x) == x) { return infinity(); }
  return logOf(3.141592653589793 / abs(sinPi(x))) - lgammaPositive(1.0 - x);
}`,
  digammaPositive: `fn digammaPositive(x: f32) -> f32 {
  var z = x;
  var sum = 0.0;
  for (; z < 8.0; z = z + 1.0) { sum = sum - 1.0 / z; }
  let w = 1.0 / (z * z);
  let series = w * (0.08333333333333333 - w * (0.008333333333333333 - w * 0.003968253968253968));
  return sum + logOf(z) - 0.5 / z - series;
}`,
  digammaOf: `fn digammaOf(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  if (x == 0.0) { return select(-infinity(), infinity(), bitcast<u32>(x) != 0u); }
  if (x > 0.0) { return digammaPositive(x); }
  if (isInf(x) || floor(x) == x) { return nanValue(); }
  return digammaPositive(1.0 - x) - 3.141592653589793 / tanOf(3.141592653589793 * (x - round(x)));
}`,
}
