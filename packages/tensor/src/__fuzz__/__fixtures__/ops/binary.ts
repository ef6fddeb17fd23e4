import { type DType, dtypes, isFloat, isInteger } from '../../../dtype.ts'
import { type Draft, floats, integers, type Maker, numeric, ref } from '../draft.ts'

type Pair = readonly [unknown, unknown]

/** A number for the other side of an op, of one kind in all rounds: it fits every integer dtype, or is fractional. */
function number(d: Draft, dtype: DType, fractions: boolean): unknown {
  if (d.draw.chance(0.3)) return d.draw.pick([0, 1, 2])
  if (isFloat(dtype)) return d.each(() => d.draw.int(-24, 24) / 8)
  return d.draw.chance(fractions ? 0.2 : 0)
    ? d.each(() => d.draw.int(-12, 12) / 4 + 0.125)
    : d.each(() => d.draw.int(0, 9))
}

/** Two operands that broadcast, of which one may be a number. */
function pair(d: Draft, allowed: readonly DType[], fractions = true): Pair {
  const a = d.value(allowed)
  const b = d.draw.chance(0.25) ? number(d, d.dtype(a), fractions) : ref(d.draw.chance(0.1) ? a : d.partner(a, allowed))
  return d.draw.chance(0.5) ? [ref(a), b] : [b, ref(a)]
}

const boundOf = (d: Draft, x: unknown): number =>
  typeof x === 'object' && x !== null && 'ref' in x ? d.bound(x.ref as number) : 4

function arithmetic(d: Draft): void {
  const name = d.draw.pick(['add', 'add', 'sub', 'mul', 'mul', 'maximum', 'minimum', 'fmax', 'fmin'])
  const [a, b] = pair(d, name === 'sub' ? numeric : dtypes)
  const [x, y] = [boundOf(d, a), boundOf(d, b)]
  d.call(name, [a, b], { bound: name === 'mul' ? x * y : x + y })
}

function division(d: Draft): void {
  const name = d.draw.pick(['div', 'div', 'floorDivide', 'remainder', 'fmod'])
  const [a, b] = pair(d, name === 'div' ? dtypes : numeric)
  d.call(name, [a, b], { bound: 32 * boundOf(d, a) })
}

/** Division whose divisor is not near 0. */
function safeDivision(d: Draft): void {
  const b = d.value(floats)
  const divisor = d.call('add', [ref(d.call('abs', [ref(b)])), 0.5])
  d.call('div', [ref(d.partner(divisor)), ref(divisor)])
}

function comparison(d: Draft): void {
  const names = ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual']
  d.call(d.draw.pick([...names, 'logicalAnd', 'logicalOr', 'logicalXor']), pair(d, dtypes))
}

function bitwise(d: Draft): void {
  if (d.draw.chance(0.6)) {
    d.call(d.draw.pick(['bitwiseAnd', 'bitwiseOr', 'bitwiseXor']), pair(d, ['bool', ...integers], false))
    return
  }
  const a = d.value(integers)
  const count = d.draw.chance(0.5)
    ? d.draw.pick([0, 1, 7, 8, 31, 32].filter(n => isInteger(d.dtype(a)) && n < 128))
    : null
  d.call(d.draw.pick(['shiftLeft', 'shiftRight']), [ref(a), count ?? ref(d.partner(a, integers))])
}

function smooth(d: Draft): void {
  const name = d.draw.pick(['atan2', 'hypot', 'logaddexp', 'xlogy'])
  const [a, b] = pair(d, dtypes)
  d.call(name, [a, b], { bound: boundOf(d, a) * boundOf(d, b) })
}

function power(d: Draft): void {
  const x = d.value(numeric)
  if (d.draw.chance(0.5)) {
    const exponents = d.dtype(x) === 'uint8' ? [2, 3, 0.5, 0, 1] : [2, 3, 0.5, -1, 0, 1]
    d.call('pow', [ref(x), d.draw.pick(exponents)], { bound: d.bound(x) ** 3 })
    return
  }
  const base = d.draw.chance(0.7) ? d.call('abs', [ref(x)]) : x
  const small = d.call('clamp', [ref(d.partner(base, ['float32', 'float16', 'int32', 'int8'])), { min: -3, max: 3 }])
  d.call('pow', [ref(base), ref(small)], { bound: d.bound(base) ** 3 })
}

function lerp(d: Draft): void {
  const a = d.value(floats)
  const b = d.partner(a, floats)
  const weight = d.draw.chance(0.5) ? d.each(() => d.draw.int(0, 8) / 8) : ref(d.exactly(d.shape(a), floats))
  d.call('lerp', [ref(a), ref(b), weight], { bound: 8 * (d.bound(a) + d.bound(b)) })
}

function where(d: Draft): void {
  const condition = d.value(['bool'])
  const a = d.partner(condition)
  const given = d.draw.chance(0.2) ? number(d, d.dtype(a), true) : ref(d.exactly(d.shape(a)))
  if (d.draw.chance(0.3)) d.call('maskedFill', [ref(a), ref(condition), number(d, d.dtype(a), false)])
  else d.call('where', [ref(condition), ...d.draw.shuffle([ref(a), given])])
}

/** Elementwise functions of several tensors, with broadcasting. */
export const binaryMakers: readonly Maker[] = [
  { weight: 50, make: arithmetic },
  { weight: 8, make: division },
  { weight: 6, make: safeDivision },
  { weight: 10, make: comparison },
  { weight: 7, make: bitwise },
  { weight: 8, make: smooth },
  { weight: 5, make: power },
  { weight: 3, make: lerp },
  { weight: 8, make: where },
]
