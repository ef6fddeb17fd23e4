import { bitFunctions } from './bits.ts'
import { divisionFunctions } from './division.ts'
import { errorFunctions } from './error-function.ts'
import { exponentialFunctions } from './exponential.ts'
import { gammaFunctions } from './gamma.ts'
import { halfFunctions } from './half.ts'
import { hyperbolicFunctions } from './hyperbolic.ts'
import { integerFunctions } from './integer.ts'
import { inverseTrigonometricFunctions } from './inverse-trigonometric.ts'
import { logarithmFunctions } from './logarithm.ts'
import { orderFunctions } from './order.ts'
import { powerFunctions } from './power.ts'
import { randomFunctions } from './random.ts'
import { reduceFunctions } from './reduce.ts'
import { statusFunctions } from './status.ts'
import { trigonometricFunctions } from './trigonometric.ts'

const library: Readonly<Record<string, string>> = {
  ...bitFunctions,
  ...divisionFunctions,
  ...errorFunctions,
  ...exponentialFunctions,
  ...gammaFunctions,
  ...halfFunctions,
  ...hyperbolicFunctions,
  ...integerFunctions,
  ...inverseTrigonometricFunctions,
  ...logarithmFunctions,
  ...orderFunctions,
  ...powerFunctions,
  ...randomFunctions,
  ...reduceFunctions,
  ...statusFunctions,
  ...trigonometricFunctions,
}

const calls = /([A-Za-z]\w*)\(/g

/** The functions of the library that a text calls, and those that they call, in a fixed order. */
export function functionsFor(text: string): string {
  const needed = new Set<string>()
  const texts = [text]
  for (let next = texts.pop(); next !== undefined; next = texts.pop())
    for (const [, name] of next.matchAll(calls))
      if (Object.hasOwn(library, name) && !needed.has(name)) {
        needed.add(name)
        texts.push(library[name])
      }
  return Object.keys(library)
    .filter(name => needed.has(name))
    .map(name => library[name])
    .join('\n')
}
