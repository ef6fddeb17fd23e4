import { dtypes, isFloat } from '../../../dtype.ts'
import { sizeOf } from '../../../shape.ts'
import { type Draft, floats, type Maker, ref } from '../draft.ts'
import { relative } from '../shapes.ts'

/** Draws of random numbers; the key is another one in every round. */
function random(d: Draft): void {
  const key = d.each(() => [d.draw.int(0, 2 ** 31), d.draw.int(0, 2 ** 31)])
  const shape = relative(d.draw, d.base)
  const span = { low: d.draw.int(-9, 0), high: d.draw.int(1, 300) }
  const cases: readonly [string, ...unknown[]][] = [
    ['randomBits', key, shape],
    ['uniform', key, shape],
    ['uniform', key, shape, { min: -2, max: 3 }],
    ['normal', key, shape],
    ['normal', key, shape, { mean: 0.5, std: 2 }],
    ['bernoulli', key, 0.25, shape],
    ['randint', key, shape, span.low, span.high],
    ['gumbel', key, shape],
    ['exponential', key, shape],
    ['truncatedNormal', key, shape],
    ['permutation', key, d.draw.int(0, 9)],
  ]
  const [name, ...args] = d.draw.pick(cases)
  d.call(name, args, { bound: name === 'randomBits' ? 2 ** 31 : 8 })
}

function sampled(d: Draft): void {
  const key = d.each(() => [d.draw.int(0, 2 ** 31), d.draw.int(0, 2 ** 31)])
  const kind = d.draw.int(0, 3)
  if (kind === 0) {
    const logits = d.value(floats, shape => shape.length > 0 && shape.at(-1) !== 0)
    d.call('categorical', [key, ref(logits)])
  } else if (kind === 1) d.call('permutation', [key, ref(d.ranked())])
  else if (kind === 2) d.call('normalFromBits', [ref(d.value(['int32']))])
  else d.call('bernoulli', [key, ref(d.call('sigmoid', [ref(d.value())]))])
}

function created(d: Draft): void {
  const shape = relative(d.draw, d.base)
  const dtype = d.draw.pick(dtypes)
  const kind = d.draw.int(0, 4)
  const n = sizeOf(shape)
  if (kind === 0) d.call(d.draw.pick(['zeros', 'ones']), [shape, { dtype }])
  else if (kind === 1)
    d.call('full', [shape, isFloat(dtype) ? d.each(() => d.draw.int(-9, 9) / 8) : 3, { dtype: 'float32' }])
  else if (kind === 2) {
    const arange = d.draw.pick([[n], [-3, n], [0.5, n, 0.75]])
    d.call('arange', arange, { bound: n + 1 })
  } else if (kind === 3) d.call('linspace', [-1.5, d.draw.int(0, 3), d.draw.int(0, 9)])
  else d.call('eye', d.draw.pick([[3], [4, 5], [5, 3]]))
}

function alike(d: Draft): void {
  const x = ref(d.value())
  const name = d.draw.pick(['zerosLike', 'onesLike', 'fullLike'])
  d.call(name, name === 'fullLike' ? [x, 1] : [x])
}

/** Tensors out of nothing but numbers. */
export const sourceMakers: readonly Maker[] = [
  { weight: 10, make: random },
  { weight: 4, make: sampled },
  { weight: 6, make: created },
  { weight: 3, make: alike },
]
