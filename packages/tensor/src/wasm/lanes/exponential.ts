import type { Code, Local } from '../code.ts'
import type { UnaryEmitter } from './emitters.ts'
import { polynomial } from './polynomial.ts'
import { temporaries } from './temporaries.ts'

/*
 * exp(x) = 2^n exp(r) with n the nearest integer to x / ln 2. Adding 1.5 * 2^23 rounds to an integer, which then lies
 * in the low bits of the sum. The polynomials are minimax fits of their own on |r| <= 0.35.
 */

/** The part of ln 2 whose product with an exponent is exact, and the rest. */
export const ln2High = 0.693359375
export const ln2Low = -0.00021219444005469057

/** `exp(r)`, relative error below 4e-9. */
const expOfRest = [0.0013813145478, 0.0083694187211, 0.0416684567697, 0.1666651479239, 0.4999999305077, 1, 1]
/** `(exp(r) - 1 - r) / r^2`, relative error of exp - 1 below 2e-8. */
const expm1Tail = [0.0013882397935, 0.0083671807992, 0.0416672212349, 0.1666653868284, 0.4999999804186]
/** `(2^r - 1) / r`, relative error of 2^r below 5e-9. */
const exp2Tail = [0.0001547026335, 0.0013410615181, 0.009618029198, 0.0555029548359, 0.240226510936, 0.6931472264831]

/** Rounds to an integer; leaves twice the exponent bias more than it in the low bits. */
const twiceBiased = 1.5 * 2 ** 23 + 254
/** As above without a bias. */
const unbiased = 1.5 * 2 ** 23
/** As above with the bias of half the power of two. */
const biasedHalf = 1.5 * 2 ** 23 + 126

/** Sets `sum` to `unit` plus n and `rest` to x - n ln 2. */
function reduce(code: Code, x: Local, unit: number, sum: Local, rest: Local): void {
  temporaries(code, n => {
    code.get(x).timesPlus(code.floats(Math.LOG2E), code.floats(unit)).tee(sum)
    code.get(code.floats(unit)).op('f32x4.sub').tee(n)
    code.timesPlus(code.floats(-ln2High), x).set(rest)
    code.get(n).timesPlus(code.floats(-ln2Low), rest).set(rest)
  })
}

/**
 * Multiplies the floats on the stack by 2^n, where `sum` is {@link twiceBiased} plus n, in two steps, so that
 * subnormal results are rounded once and the largest do not overflow early.
 */
function scale(code: Code, sum: Local): void {
  temporaries(code, half => {
    code.get(sum).i32(1).op('i32x4.shr_u').i32(23).op('i32x4.shl').tee(half).op('f32x4.mul')
    code.get(sum).i32(23).op('i32x4.shl').get(half).op('i32x4.sub').op('f32x4.mul')
  })
}

/** Where neither the result nor its power of two leaves the normal range. */
const safe = 87

/**
 * `exp(x)` to 1.2 ulp, where x without its sign is on the stack. Normal results take n into their exponent by an
 * addition. If one of four may not be normal, or is NaN, which is large to integers, all are clamped to [-104, 89] by
 * `clamp` and scaled with care: the same bits for more work. Its constants are no locals, as registers are few.
 */
function expUnlessRare(code: Code, x: Local, clamp: (clamped: Local) => void, out: Local): void {
  temporaries(code, (sum, rest) => {
    code.get(code.floats(safe)).op('i32x4.gt_s').op('v128.any_true')
    code.if(
      () => {
        clamp(out)
        reduce(code, out, unbiased, sum, rest)
        polynomial(code, rest, expOfRest)
        code.get(sum).i32x4(254).op('i32x4.add').set(sum)
        scale(code, sum)
        code.set(out)
      },
      () => {
        reduce(code, x, unbiased, sum, rest)
        polynomial(code, rest, expOfRest)
        code.get(sum).i32(23).op('i32x4.shl').op('i32x4.add').set(out)
      },
    )
  })
}

/** `exp(-|x|)`. */
export function expOfMinusMagnitude(code: Code, x: Local, out: Local): void {
  temporaries(code, negative => {
    code.get(x).get(code.ints(0x80000000)).op('v128.or').set(negative)
    code.get(x).op('f32x4.abs')
    const clamp = (clamped: Local) => code.get(negative).f32x4(-104).op('f32x4.pmax').set(clamped)
    expUnlessRare(code, negative, clamp, out)
  })
}

export const exp: UnaryEmitter = (code, x, out) => {
  code.get(x).op('f32x4.abs')
  const clamp = (clamped: Local) => code.get(x).f32x4(89).op('f32x4.pmin').f32x4(-104).op('f32x4.pmax').set(clamped)
  expUnlessRare(code, x, clamp, out)
}

/** Exact where x is an integer. */
export const exp2: UnaryEmitter = (code, x, out) =>
  temporaries(code, (clamped, sum, rest) => {
    code.get(x).get(code.floats(129)).op('f32x4.pmin').get(code.floats(-151)).op('f32x4.pmax').tee(clamped)
    code.get(code.floats(twiceBiased)).op('f32x4.add').set(sum)
    code.get(clamped).get(sum).get(code.floats(twiceBiased)).op('f32x4.sub').op('f32x4.sub').set(rest)
    polynomial(code, rest, exp2Tail)
    code.timesPlus(rest, code.floats(1))
    scale(code, sum)
    code.set(out)
  })

/** `exp(x) - 1` as `2 (s (exp(r) - 1) + (s - 1/2))` with `s = 2^(n - 1)`, which does not overflow early. */
export const expm1: UnaryEmitter = (code, x, out) =>
  temporaries(code, (clamped, sum, rest, square) => {
    code.get(x).get(code.floats(89)).op('f32x4.pmin').get(code.floats(-25)).op('f32x4.pmax').set(clamped)
    reduce(code, clamped, biasedHalf, sum, rest)
    code.get(rest).get(rest).op('f32x4.mul').set(square)
    code.get(sum).i32(23).op('i32x4.shl').set(sum)
    polynomial(code, rest, expm1Tail)
    code.timesPlus(square, rest).get(sum).op('f32x4.mul')
    code.get(sum).get(code.floats(0.5)).op('f32x4.sub').op('f32x4.add').set(rest)
    code.get(rest).get(rest).op('f32x4.add').get(x).get(code.ints(0x7fffffff)).op('v128.bitselect').set(out)
  })

/** `1 / (1 + exp(-x))`, as `exp(x) / (1 + exp(x))` for negative x, whose small results stay exact. */
export const sigmoid: UnaryEmitter = (code, x, out) =>
  temporaries(code, power => {
    const one = code.floats(1)
    expOfMinusMagnitude(code, x, power)
    code.get(power).get(one).get(x).i32(31).op('i32x4.shr_s').op('v128.bitselect')
    code.get(one).get(power).op('f32x4.add').op('f32x4.div').set(out)
  })
