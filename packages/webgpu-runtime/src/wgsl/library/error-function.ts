import { horner } from '../horner.ts'

/** `erf(x) / x` in powers of x^2 for |x| <= 1: a minimax fit. */
const near = [
  7.853864757320464e-5, -0.0008010194456952618, 0.005188327752419464, -0.026853811951148904, 0.11283585148319324,
  -0.3761262582409769, 1.1283791657266526,
]
/** The fourth root of erfc in powers of `|x| - 2.5` for |x| in [1, 4]. */
const far = [
  -2.2056973953700974e-5, -0.00026633943817622456, -5.128037314036172e-6, 0.0027602598716965523, -0.006397958471001212,
  -0.012263600256961589, 0.09363097682399063, -0.1900677764313954, 0.1420319458797153,
]
/** `erfc(x) exp(x^2) / t` in powers of `t = 1 / (1 + 0.4 x)` for x in [0, 10.2]. */
const tail = [
  -0.029205823788129606, 0.19590306025632848, -0.4938493441510569, 0.5408182561689795, -0.2788638146919531,
  0.269113187929483, 0.13070007801476782, 0.2147005464503892, 0.2249783034153891, 0.2257055587046302,
]
/** Giles, "Approximating the erfinv function" (2010), single precision. */
const inverseNear = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164,
  0.246640727, 1.50140941,
]
const inverseFar = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
  1.00167406, 2.83297682,
]

/** The error function, its complement and its inverse. */
export const errorFunctions = {
  erfOf: `fn erfOf(x: f32) -> f32 {
  let a = abs(x);
  let z = x * x;
  let v = min(a, 4.0) - 2.5;
  var root = ${horner('v', far)};
  root = root * root;
  let outer = 1.0 - root * root;
  let y = select(select(outer, -outer, x < 0.0), x * ${horner('z', near)}, a < 1.0);
  return select(y, x, isNan(x));
}`,
  // The square is split, as exp needs all of its digits.
  erfcOf: `fn erfcOf(x: f32) -> f32 {
  let a = min(abs(x), 10.2);
  let t = 1.0 / (1.0 + 0.4 * a);
  let h = bitcast<f32>(bitcast<u32>(a) & 0xfffff000u);
  let y = expOf(-h * h) * expOf(-(a - h) * (a + h)) * t * ${horner('t', tail)};
  let one = select(y, 2.0 - y, x < 0.0);
  return select(one, x, isNan(x));
}`,
  erfinvOf: `fn erfinvOf(x: f32) -> f32 {
  let a = abs(x);
  if (isNan(x) || a > 1.0) { return nanValue(); }
  if (a == 1.0) { return select(infinity(), -infinity(), x < 0.0); }
  let w = -log1pOf(-x * x);
  if (w < 5.0) {
    let u = w - 2.5;
    return x * ${horner('u', inverseNear)};
  }
  let v = sqrt(w) - 3.0;
  return x * ${horner('v', inverseFar)};
}`,
}
