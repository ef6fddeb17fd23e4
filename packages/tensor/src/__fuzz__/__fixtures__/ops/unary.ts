import { type DType, dtypes } from '../../../dtype.ts'
import { type Draft, floats, integers, type Maker, numeric, ref } from '../draft.ts'

/** Functions with values everywhere, by the dtypes they take. */
const anywhere: readonly { names: readonly string[]; dtypes: readonly DType[] }[] = [
  { names: ['abs', 'sign', 'relu', 'relu6', 'floor', 'ceil', 'round', 'trunc'], dtypes },
  { names: ['isnan', 'isfinite', 'isinf', 'logicalNot', 'stopGradient', 'detach'], dtypes },
  { names: ['neg', 'frac'], dtypes: numeric },
  { names: ['bitwiseNot'], dtypes: ['bool', ...integers] },
  { names: ['sin', 'cos', 'tan', 'atan', 'asinh', 'tanh', 'erf', 'erfc', 'sigmoid', 'logSigmoid'], dtypes },
  { names: ['silu', 'mish', 'hardsigmoid', 'hardswish', 'softsign', 'selu'], dtypes },
]

const growing = ['exp', 'exp2', 'expm1', 'sinh', 'cosh']
const positive = ['sqrt', 'rsqrt', 'log', 'log2', 'log10', 'log1p', 'lgamma', 'digamma', 'reciprocal']
const bounded = ['asin', 'acos', 'atanh', 'erfinv']

function plain(d: Draft): void {
  const [name, allowed] = d.draw.pick(anywhere.flatMap(({ names, dtypes: some }) => names.map(n => [n, some] as const)))
  d.call(name, [ref(d.value(allowed))])
}

function grow(d: Draft): void {
  const x = d.value()
  const small = d.bound(x) <= 16 ? x : d.call('clamp', [ref(x), { max: d.draw.pick([1, 4, 16]) }], { bound: 16 })
  d.call(d.draw.pick(growing), [ref(small)], { bound: Math.exp(Math.min(16, d.bound(small))) })
}

function square(d: Draft): void {
  const x = d.value()
  d.call('square', [ref(x)], { bound: d.bound(x) ** 2 })
}

/** Functions of a half line or an interval: mostly, but not always, of arguments inside. */
function partial(d: Draft): void {
  const x = d.value(numeric)
  if (d.draw.chance(0.6)) {
    const inside = d.draw.chance(0.8) ? d.call('add', [ref(d.call('abs', [ref(x)])), d.draw.pick([0.125, 0.5, 1])]) : x
    d.call(d.draw.pick([...positive, 'acosh']), [ref(inside)])
    return
  }
  const y = d.value(floats)
  const inside = d.draw.chance(0.8) ? d.call('div', [ref(d.call('clamp', [ref(y), { min: -8, max: 8 }])), 10]) : y
  d.call(d.draw.pick(bounded), [ref(inside)])
}

function parametric(d: Draft): void {
  const x = ref(d.value(floats))
  const number = (...values: number[]) => d.each(() => d.draw.pick(values))
  const options: readonly [string, object][] = [
    ['clamp', { min: number(-2, 0.125), max: number(1, 3) }],
    ['clamp', { min: number(-1, 0) }],
    ['hardtanh', { min: number(-1, -2), max: number(1, 0.5) }],
    ['leakyRelu', { negativeSlope: number(0.01, 0.25) }],
    ['elu', { alpha: number(1, 0.5) }],
    ['celu', { alpha: number(1, 0.5) }],
    ['softplus', { beta: number(1, 2, 0.5) }],
    ['gelu', { approximate: d.draw.pick(['none', 'tanh']) }],
    ['nanToNum', { nan: number(0.5, 2), posinf: number(8, 9) }],
  ]
  const [name, given] = d.draw.pick(options)
  d.call(name, [x, given])
}

function polygamma(d: Draft): void {
  const x = d.call('add', [ref(d.call('abs', [ref(d.value(numeric))])), 0.5])
  d.call('polygamma', [ref(x), d.draw.int(1, 3)])
}

function integerUnary(d: Draft): void {
  const x = d.value(numeric)
  const [low, high] = d.dtype(x) === 'uint8' ? [1, 9] : [-3, 5]
  if (d.draw.chance(0.5)) d.call('clamp', [ref(x), { min: low, max: high }])
  else d.call('nanToNum', [ref(x)])
}

/** From any dtype to any other. */
function cast(d: Draft): void {
  d.call('cast', [ref(d.value()), d.draw.pick(dtypes)])
}

/** Elementwise functions of one tensor. */
export const unaryMakers: readonly Maker[] = [
  { weight: 40, make: plain },
  { weight: 12, make: grow },
  { weight: 5, make: square },
  { weight: 14, make: partial },
  { weight: 10, make: parametric },
  { weight: 3, make: integerUnary },
  { weight: 1, make: polygamma },
  { weight: 10, make: cast },
]
