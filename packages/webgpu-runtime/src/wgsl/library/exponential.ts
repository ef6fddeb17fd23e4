import { horner } from '../horner.ts'

/*
 * Minimax fits as in the WebAssembly kernels: `(e^r - 1 - r) / r^2` for |r| <= log(2) / 2, and `(2^r - 1) / r` for
 * |r| <= 1/2. The builtin of a GPU may lose |x| units in the last place.
 */
const expTail = [0.0013813145478, 0.0083694187211, 0.0416684567697, 0.1666651479239, 0.4999999305077]
const expm1Tail = [0.0013882397935, 0.0083671807992, 0.0416672212349, 0.1666653868284, 0.4999999804186]
const exp2Tail = [0.0001547026335, 0.0013410615181, 0.009618029198, 0.0555029548359, 0.240226510936, 0.6931472264831]

/** Powers of e and 2, and what is made of them. */
export const exponentialFunctions = {
  // Two factors, as results below 2^-126 and above 2^127 need them.
  timesPower: `fn timesPower(y: f32, n: i32) -> f32 {
  let h = n >> 1u;
  return y * bitcast<f32>(u32(h + 127) << 23u) * bitcast<f32>(u32(n - h + 127) << 23u);
}`,
  expOf: `fn expOf(x: f32) -> f32 {
  let c = clamp(x, -104.0, 89.0);
  let n = round(c * 1.4426950408889634);
  let r = (c - n * 0.693359375) + n * 0.00021219444005469057;
  let y = timesPower(1.0 + (r + r * r * ${horner('r', expTail)}), i32(n));
  return select(select(select(y, 0.0, x < -104.0), infinity(), x > 88.722839), x, isNan(x));
}`,
  exp2Of: `fn exp2Of(x: f32) -> f32 {
  let c = clamp(x, -150.0, 128.0);
  let n = round(c);
  let r = c - n;
  let y = timesPower(1.0 + r * ${horner('r', exp2Tail)}, i32(n));
  return select(select(select(y, 0.0, x < -150.0), infinity(), x >= 128.0), x, isNan(x));
}`,
  expm1Of: `fn expm1Of(x: f32) -> f32 {
  let c = clamp(x, -30.0, 89.0);
  let n = round(c * 1.4426950408889634);
  let r = (c - n * 0.693359375) + n * 0.00021219444005469057;
  let near = r + r * r * ${horner('r', expm1Tail)};
  let half = bitcast<f32>(u32(i32(n) + 126) << 23u);
  let y = 2.0 * (half * near + (half - 0.5));
  return select(select(select(y, near, n == 0.0), infinity(), x > 88.722839), x, isNan(x));
}`,
  sigmoidOf: `fn sigmoidOf(x: f32) -> f32 {
  let e = expOf(-abs(x));
  return select(select(e, 1.0, x >= 0.0) / (1.0 + e), x, isNan(x));
}`,
  softplusOf: `fn softplusOf(x: f32) -> f32 {
  return select(max(x, 0.0) + log1pOf(expOf(-abs(x))), x, isNan(x));
}`,
}
