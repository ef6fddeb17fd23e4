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

/** One whose states lanes can join. */
export interface TreeAccumulator extends Accumulator {
  /** Its state before the first value. */
  readonly start: readonly string[]
  /** Statements that join the states of a subgroup's invocations, and leave the whole with each. */
  readonly joinSubgroup: readonly string[]
}

/** The accumulator of a reduction of values of `dtype`, in variables that begin with `a`. */
export function accumulatorFor(f: ReduceName, dtype: DType, a: string): TreeAccumulator {
  if (f === 'argmax' || f === 'argmin') return position(f, dtype, a)
  if (f === 'sum' && isFloat(dtype)) return floatSum(a)
  const { start, combine, joined, type, prepare } = simple(f, dtype)
  return {
    types: [type],
    state: [`${a}0`],
    start: [start],
    declare: [`var ${a}0: ${type} = ${start};`],
    take: x => [`${a}0 = ${combine(`${a}0`, prepare(x))};`],
    finish: [],
    merge: ([other]) => [`${a}0 = ${combine(`${a}0`, other)};`],
    joinSubgroup: [`${a}0 = ${joined(`${a}0`)};`],
    result: `${a}0`,
  }
}

/** Blocks of 16 within blocks of 256, so that small terms are not lost. */
const floatSum = (a: string): TreeAccumulator => ({
  types: ['f32'],
  state: [`${a}0`],
  start: ['0.0'],
  declare: [`var ${a}0 = 0.0;`, `var ${a}b = 0.0;`, `var ${a}c = 0.0;`],
  take: x => [
    `${a}c = ${a}c + ${x};`,
    `if ((t & 15u) == 15u) { ${a}b = ${a}b + ${a}c; ${a}c = 0.0; if ((t & 255u) == 255u) { ${a}0 = ${a}0 + ${a}b; ${a}b = 0.0; } }`,
  ],
  finish: [`${a}0 = ${a}0 + (${a}b + ${a}c);`],
  merge: ([other]) => [`${a}0 = ${a}0 + ${other};`],
  joinSubgroup: [`${a}0 = subgroupAdd(${a}0);`],
  result: `${a}0`,
})

function position(f: 'argmax' | 'argmin', dtype: DType, a: string): TreeAccumulator {
  const type = isFloat(dtype) ? 'f32' : 'i32'
  const leads = isFloat(dtype) ? 'leadsFloat' : 'leadsInt'
  const [toKey, fromKey] = isFloat(dtype) ? ['orderOfFloat', 'floatOfOrder'] : ['orderOfInt', 'intOfOrder']
  const number = (x: string): string => (dtype === 'bool' ? `select(0, 1, ${x})` : x)
  // The complement, unlike the negative, of an int32 always exists.
  const seen = (x: string): string => (f === 'argmax' ? number(x) : isFloat(dtype) ? `-${x}` : `~${number(x)}`)
  const merge = ([x, i]: readonly string[]): string[] => [
    `if (${leads}(${x}, ${i}, ${a}0, ${a}1)) { ${a}0 = ${x}; ${a}1 = ${i}; }`,
  ]
  return {
    types: [type, 'i32'],
    state: [`${a}0`, `${a}1`],
    start: [`${type}(0)`, '-1'],
    declare: [`var ${a}0: ${type} = ${type}(0);`, `var ${a}1: i32 = -1;`],
    take: x => merge([seen(x), 'i32(j)']),
    finish: [],
    merge,
    // The greatest, then its first position: that of none, -1, is the last of unsigned ones.
    joinSubgroup: [
      `{ let key = select(${toKey}(${a}0), 0u, ${a}1 < 0);`,
      'let lead = subgroupMax(key);',
      `${a}0 = ${fromKey}(lead);`,
      `${a}1 = bitcast<i32>(subgroupMin(select(0xffffffffu, bitcast<u32>(${a}1), key == lead))); }`,
    ],
    result: `${a}1`,
  }
}

interface Simple {
  readonly type: 'f32' | 'i32' | 'bool'
  readonly start: string
  readonly combine: (a: string, b: string) => string
  readonly prepare: (x: string) => string
  /** An expression of what the invocations of a subgroup have together. */
  readonly joined: (a: string) => string
}

function simple(f: Exclude<ReduceName, 'argmax' | 'argmin'>, dtype: DType): Simple {
  const float = isFloat(dtype)
  const truth = f === 'any' || f === 'all'
  if (truth || dtype === 'bool') {
    const or = f === 'any' || f === 'sum' || f === 'max'
    const test = (x: string): string => (float ? `isTrue(${x})` : dtype === 'bool' ? x : `(${x} != 0)`)
    const combine = (a: string, b: string): string => `(${a} ${or ? '||' : '&&'} ${b})`
    const joined = (a: string): string => `subgroup${or ? 'Any' : 'All'}(${a})`
    return { type: 'bool', start: String(!or), combine, prepare: test, joined }
  }
  const type = typeOf(dtype)
  const prepare = (x: string): string => x
  const by =
    (f: string) =>
    (a: string): string =>
      `subgroup${f}(${a})`
  // Whether the maximum of floats is NaN when one of them is, subgroups leave open: integers in their order are not.
  const ordered = (a: string): string => `floatOfOrder(subgroupMax(orderOfFloat(${a})))`
  switch (f) {
    case 'sum':
      return { type, start: '0', combine: (a, b) => `${a} + ${b}`, prepare, joined: by('Add') }
    case 'prod':
      return { type, start: float ? '1.0' : '1', combine: (a, b) => `${a} * ${b}`, prepare, joined: by('Mul') }
    case 'max':
      if (float) return { type, start: '-infinity()', combine: (a, b) => `maxOf(${a}, ${b})`, prepare, joined: ordered }
      return {
        type,
        start: 'bitcast<i32>(0x80000000u)',
        combine: (a, b) => `max(${a}, ${b})`,
        prepare,
        joined: by('Max'),
      }
    case 'min':
      if (float)
        return {
          type,
          start: 'infinity()',
          combine: (a, b) => `minOf(${a}, ${b})`,
          prepare,
          joined: a => `-${ordered(`-${a}`)}`,
        }
      return { type, start: '0x7fffffff', combine: (a, b) => `min(${a}, ${b})`, prepare, joined: by('Min') }
  }
}
