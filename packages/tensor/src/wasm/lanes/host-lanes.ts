import type { Code, Local } from '../code.ts'
import type { HostFunction } from '../host-functions.ts'
import type { BinaryEmitter, UnaryEmitter } from './emitters.ts'
import { temporaries } from './temporaries.ts'

/** Calls a function of the host for each lane, in float64, rounded once. */
function eachLane(code: Code, name: HostFunction, operands: readonly Local[], out: Local): void {
  temporaries(code, result => {
    for (const lane of [0, 1, 2, 3]) {
      code.get(result)
      for (const operand of operands) code.get(operand).lane('f32x4.extract_lane', lane).op('f64.promote_f32')
      code.callHost(name).op('f32.demote_f64').lane('f32x4.replace_lane', lane).set(result)
    }
    code.get(result).set(out)
  })
}

/** A function of one number by the host. */
export const throughHost =
  (name: HostFunction): UnaryEmitter =>
  (code, x, out) =>
    eachLane(code, name, [x], out)

/** A function of two numbers by the host. */
export const throughHostBinary =
  (name: HostFunction): BinaryEmitter =>
  (code, a, b, out) =>
    eachLane(code, name, [a, b], out)
