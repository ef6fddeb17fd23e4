import { type DType, isFloat } from '../../dtype.ts'
import { SurprisalError } from '../../error.ts'
import type { BinaryName, UnaryName } from '../../graph/node.ts'
import type { Code, Local } from '../code.ts'
import { log2, log10 } from './base-two.ts'
import { boolBinary, boolUnary } from './bool.ts'
import type { BinaryEmitters, UnaryEmitters } from './emitters.ts'
import { erf, erfc } from './error-function.ts'
import { exp, exp2, expm1, sigmoid } from './exponential.ts'
import { floatBinary } from './float-binary.ts'
import { floatFloorDivide, floatFmod, floatRemainder } from './float-division.ts'
import { floatUnary } from './float-unary.ts'
import { throughHost, throughHostBinary } from './host-lanes.ts'
import { tanh } from './hyperbolic.ts'
import { integerBinary, integerUnary } from './integer.ts'
import { log, log1p, softplus } from './logarithm.ts'
import { floatPow } from './pow.ts'
import { cos, sin } from './trigonometric.ts'
import { hypot, logaddexp } from './wide-binary.ts'

interface Emitters {
  readonly unary: UnaryEmitters
  readonly binary: BinaryEmitters
}

const floats: Emitters = {
  unary: {
    ...floatUnary,
    exp,
    exp2,
    expm1,
    log,
    log2,
    log10,
    log1p,
    sin,
    cos,
    tan: throughHost('tan'),
    asin: throughHost('asin'),
    acos: throughHost('acos'),
    atan: throughHost('atan'),
    sinh: throughHost('sinh'),
    cosh: throughHost('cosh'),
    tanh,
    asinh: throughHost('asinh'),
    acosh: throughHost('acosh'),
    atanh: throughHost('atanh'),
    sigmoid,
    softplus,
    erf,
    erfc,
  },
  binary: {
    ...floatBinary,
    floorDivide: floatFloorDivide,
    remainder: floatRemainder,
    fmod: floatFmod,
    pow: floatPow,
    atan2: throughHostBinary('atan2'),
    hypot,
    logaddexp,
  },
}
const bools: Emitters = { unary: boolUnary, binary: boolBinary }

function emittersFor(dtype: DType): Emitters {
  if (isFloat(dtype)) return floats
  if (dtype === 'bool') return bools
  return { unary: integerUnary(dtype), binary: integerBinary(dtype) }
}

const byDType: ReadonlyMap<DType, Emitters> = new Map(
  (['float32', 'float16', 'int32', 'uint8', 'int8', 'bool'] as const).map(dtype => [dtype, emittersFor(dtype)]),
)

/** Whether there is code for a function of operands of `dtype`; what has none runs in plain loops. */
export function isEmittable(f: UnaryName | BinaryName, dtype: DType): boolean {
  const { unary, binary } = byDType.get(dtype)!
  return f in unary || f in binary
}

/**
 * Writes a function of four lanes of `dtype`. Results for float16 are not rounded to halves. `out` may be `x`.
 *
 * @throws {SurprisalError} `argument` for a function without code (see {@link isEmittable})
 */
export function emitUnary(code: Code, f: UnaryName, dtype: DType, x: Local, out: Local): void {
  const emit = byDType.get(dtype)!.unary[f]
  if (!emit) throw new SurprisalError('argument', `emitUnary: there is no code for ${f} of ${dtype}`)
  emit(code, x, out)
}

/**
 * Writes a function of two operands of four lanes, both of `dtype`. Results for float16 are not rounded to halves.
 * `out` may be an operand.
 *
 * @throws {SurprisalError} `argument` for a function without code (see {@link isEmittable})
 */
export function emitBinary(code: Code, f: BinaryName, dtype: DType, a: Local, b: Local, out: Local): void {
  const emit = byDType.get(dtype)!.binary[f]
  if (!emit) throw new SurprisalError('argument', `emitBinary: there is no code for ${f} of ${dtype}`)
  emit(code, a, b, out)
}
