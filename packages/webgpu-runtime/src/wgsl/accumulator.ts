import { type DType, isFloat, type ReduceName } from '@surprisal/tensor/backend'
import { typeOf } from './elements.ts'

/** How a reduction gathers; `a` is its variable. */
export interface Accumulator {
  /** Types of its state: one, or a value and its position. */
  readonly types: readonly ('f32' | 'i32' | 'bool')[]
  /** The variables of its state. */
  readonly state: readonly string[]
  readonly declare: readonly string[]
  /** Statements that take in the value `x` at position `j` (u32), the `t`th of this invocation. */
  take(x: string): string[]
  /** Statements after the last value. */
  readonly finish: readonly string[]
  /** Statements that take in the state of another one. */
  merge(other: readonly string[]): string[]
  readonly result: string
}

/** The accumulator of a reduction of values of `dtype`, in variables that begin with `a`. */
export function accumulatorFor(f: ReduceName, dtype: DType, a: string): Accumulator {
  if (f === 'argmax' || f === 'argmin') return position(f, dtype, a)
  if (f === 'sum' && isFloat(dtype)) return floatSum(a)
  const { start, combine, type, prepare } = simple(f, dtype)
  return {
    types: [type],
    state: [`${a}0`],
    declare: [`var ${a}0: ${type} = ${start};`],
    take: x => [`${a}0 = ${combine(`${a}0`, prepare(x))};`],
    finish: [],
    merge: ([other]) => [`${a}0 = ${combine(`${a}0`, other)};`],
    result: `${a}0`,
  }
}

/** Blocks of 16 within blocks of 256, so that small terms are not lost. */
const floatSum = (a: string): Accumulator => ({
  types: ['f32'],
  state: [`${a}0`],
  declare: [`var ${a}0 = 0.0;`, `var ${a}b = 0.0;`, `var ${a}c = 0.0;`],
  take: x => [
    `${a}c = ${a}c + ${x};`,
    `if ((t & 15u) == 15u) { ${a}b = ${a}b + ${a}c; ${a}c = 0.0; if ((t & 255u) == 255u) { ${a}0 = ${a}0 + ${a}b; ${a}b = 0.0; } }`,
  ],
  finish: [`${a}0 = ${a}0 + (${a}b + ${a}c);`],
  merge: ([other]) => [`${a}0 = ${a}0 + ${other};`],
  result: `${a}0`,
})

function position(f: 'argmax' | 'argmin', dtype: DType, a: string): Accumulator {
  const type = isFloat(dtype) ? 'f32' : 'i32'
  const leads = isFloat(dtype) ? 'leadsFloat' : 'leadsInt'
  const number = (x: string): string => (dtype === 'bool' ? `select(0, 1, ${x})` : x)
  // The complement, unlike the negative, of an int32 always exists.
  const seen = (x: string): string => (f === 'argmax' ? number(x) : isFloat(dtype) ? `-${x}` : `~${number(x)}`)
  const merge = ([x, i]: readonly string[]): string[] => [
    `if (${leads}(${x}, ${i}, ${a}0, ${a}1)) { ${a}0 = ${x}; ${a}1 = ${i}; }`,
  ]
  return {
    types: [type, 'i32'],
    state: [`${a}0`, `${a}1`],
    declare: [`var ${a}0: ${type} = ${type}(0);`, `var ${a}1: i32 = -1;`],
    take: x => merge([seen(x), 'i32(j)']),
    finish: [],
    merge,
    result: `${a}1`,
  }
}

interface Simple {
  readonly type: 'f32' | 'i32' | 'bool'
  readonly start: string
  readonly combine: (a: string, b: string) => string
  readonly prepare: (x: string) => string
}

function simple(f: Exclude<ReduceName, 'argmax' | 'argmin'>, dtype: DType): Simple {
  const float = isFloat(dtype)
  const truth = f === 'any' || f === 'all'
  if (truth || dtype === 'bool') {
    const or = f === 'any' || f === 'sum' || f === 'max'
    const test = (x: string): string => (float ? `isTrue(${x})` : dtype === 'bool' ? x : `(${x} != 0)`)
    return { type: 'bool', start: String(!or), combine: (a, b) => `(${a} ${or ? '||' : '&&'} ${b})`, prepare: test }
  }
  const type = typeOf(dtype)
  const prepare = (x: string): string => x
  switch (f) {
    case 'sum':
      return { type, start: '0', combine: (a, b) => `${a} + ${b}`, prepare }
    case 'prod':
      return { type, start: float ? '1.0' : '1', combine: (a, b) => `${a} * ${b}`, prepare }
    case 'max':
      if (float) return { type, start: '-infinity()', combine: (a, b) => `maxOf(${a}, ${b})`, prepare }
      return { type, start: 'bitcast<i32>(0x80000000u)', combine: (a, b) => `max(${a}, ${b})`, prepare }
    case 'min':
      if (float) return { type, start: 'infinity()', combine: (a, b) => `minOf(${a}, ${b})`, prepare }
      return { type, start: '0x7fffffff', combine: (a, b) => `min(${a}, ${b})`, prepare }
  }
}
