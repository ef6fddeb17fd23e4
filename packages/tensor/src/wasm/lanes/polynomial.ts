import type { Code, Local } from '../code.ts'
import { doubles } from './doubles.ts'

/** Leaves the value of a polynomial of four floats on the stack; coefficients from the highest degree down. */
export function polynomial(code: Code, x: Local, [first, ...rest]: readonly number[]): void {
  code.get(code.floats(first))
  for (const coefficient of rest) code.timesPlus(x, code.floats(coefficient))
}

/** The same for two float64 numbers. */
export function polynomial64(code: Code, x: Local, [first, ...rest]: readonly number[]): void {
  code.get(doubles(code, first))
  for (const coefficient of rest) code.get(x).op('f64x2.mul').get(doubles(code, coefficient)).op('f64x2.add')
}
