import { SurprisalError } from '../error.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { abs, add, mul } from './arithmetic.ts'
import { greater } from './comparison.ts'
import { got } from './internal/arguments.ts'
import { optionsOf } from './internal/checks.ts'
import { activation } from './internal/pointwise.ts'
import { relu } from './rectifiers.ts'
import { where } from './selection.ts'
import { erf } from './special.ts'
import { tanh } from './trigonometric.ts'

/** Which formula {@link gelu} uses. */
export interface GeluOptions {
  /** `'none'` (default): by the error function; `'tanh'`: the approximation by tanh. */
  approximate?: 'none' | 'tanh'
}

const rootTwoOverPi = Math.sqrt(2 / Math.PI)
/** Beyond it both forms equal relu, to the last bit; within it no power of x overflows. */
const geluSaturation = 100

/**
 * Gaussian error linear unit, `x / 2 * (1 + erf(x / sqrt(2)))`, or with `approximate: 'tanh'`
 * `x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))` (Hendrycks and Gimpel 2016). It is 0 at -Infinity and x at
 * +Infinity, with derivatives 0 and 1.
 *
 * @param x any shape
 * @param options `approximate` ('none')
 * @throws {SurprisalError} `argument` for another value of `approximate`
 */
export function gelu(x: TensorLike, options?: GeluOptions): Tensor {
  const { approximate = 'none' } = optionsOf('gelu', options)
  if (approximate !== 'none' && approximate !== 'tanh')
    throw new SurprisalError('argument', `gelu: approximate must be 'none' or 'tanh', got ${got(approximate)}`)
  return activation('gelu', x, y => {
    const saturated = greater(abs(y), geluSaturation)
    const inner = where(saturated, 0, y)
    const cubic = () => mul(inner, add(mul(mul(inner, inner), 0.044715 * rootTwoOverPi), rootTwoOverPi))
    const gate = approximate === 'tanh' ? tanh(cubic()) : erf(mul(inner, Math.SQRT1_2))
    return where(saturated, relu(y), mul(mul(inner, 0.5), add(gate, 1)))
  })
}
