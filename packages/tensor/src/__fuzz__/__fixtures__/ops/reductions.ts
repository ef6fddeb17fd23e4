import { dtypes, isFloat } from '../../../dtype.ts'
import { sizeOf } from '../../../shape.ts'
import { type Draft, floats, type Maker, numeric, ref } from '../draft.ts'

/** Some dims of a value in the form of an option, and how many elements they reduce to one. */
function reduced(d: Draft, x: number): { option: object; count: number } {
  const shape = d.shape(x)
  const keepdim = d.draw.chance(0.4)
  if (shape.length === 0 || d.draw.chance(0.2)) return { option: { keepdim }, count: sizeOf(shape) }
  const dims = d.draw.shuffle([...shape.keys()]).slice(0, d.draw.int(1, Math.min(2, shape.length)))
  const count = dims.reduce((product, dim) => product * shape[dim], 1)
  const dim = dims.length === 1 ? dims[0] - (d.draw.chance(0.5) ? shape.length : 0) : dims
  return { option: { dim, keepdim }, count }
}

function totals(d: Draft): void {
  const name = d.draw.pick(['sum', 'sum', 'mean', 'any', 'all', 'countNonzero', 'logsumexp', 'var', 'std'])
  const x = d.value()
  const { option, count } = reduced(d, x)
  const correction = name === 'var' || name === 'std' ? d.draw.pick([{}, { correction: 0 }]) : {}
  const bound = name === 'sum' ? d.bound(x) * Math.max(1, count) : name === 'var' ? d.bound(x) ** 2 : d.bound(x)
  d.call(name, [ref(x), { ...option, ...correction }], { bound })
}

/** Products of few factors: those of many are 0 or infinite. */
function product(d: Draft): void {
  const x = d.value()
  const { option, count } = reduced(d, x)
  if (count <= 20) d.call('prod', [ref(x), option], { bound: Math.min(1e30, d.bound(x) ** Math.max(1, count)) })
}

function extremes(d: Draft): void {
  const x = d.value()
  const { option, count } = reduced(d, x)
  if (count > 0) d.call(d.draw.pick(['max', 'max', 'min', 'median']), [ref(x), option])
}

function positions(d: Draft): void {
  const x = d.value()
  const shape = d.shape(x)
  if (sizeOf(shape) === 0) return
  const option = shape.length > 0 && d.draw.chance(0.8) ? { dim: d.dim(x) } : {}
  d.call(d.draw.pick(['argmax', 'argmin']), [ref(x), { ...option, keepdim: d.draw.chance(0.4) }])
}

function norm(d: Draft): void {
  const x = d.value(dtypes)
  const { option, count } = reduced(d, x)
  const p = d.draw.pick(count > 0 ? [1, 2, 3, 0, 'inf', '-inf'] : [1, 2])
  d.call('norm', [ref(x), { ...option, p }], { bound: d.bound(x) * Math.max(1, count) })
}

function quantile(d: Draft): void {
  const x = d.value(floats)
  const { option, count } = reduced(d, x)
  if (count > 0) d.call('quantile', [ref(x), d.draw.pick([0.5, 0.25, [0, 0.5, 1]]), option])
}

function normalized(d: Draft): void {
  const x = d.ranked(floats)
  const name = d.draw.pick(['softmax', 'softmax', 'logSoftmax', 'layerNorm', 'rmsNorm'])
  if (name.endsWith('oftmax')) {
    d.call(name, [ref(x), d.draw.chance(0.5) ? {} : { dim: d.dim(x) }])
    return
  }
  const shape = d.shape(x).slice(-d.draw.int(1, Math.min(2, d.shape(x).length)))
  const weight = () => (d.draw.chance(0.5) ? ref(d.exactly(shape, floats)) : null)
  d.call(name, [ref(x), shape, ...(name === 'layerNorm' ? [weight(), weight()] : [weight()])], { bound: 64 })
}

function cumulative(d: Draft): void {
  const x = d.ranked()
  const dim = d.dim(x)
  const size = d.shape(x).at(dim) as number
  const name = d.draw.pick(['cumsum', 'cumsum', 'cumprod', 'cummax', 'cummin', 'logcumsumexp', 'diff'])
  if (name === 'diff') {
    const y = d.dtype(x) === 'bool' ? d.ranked(numeric) : x
    if ((d.shape(y).at(-1) as number) > 0) d.call('diff', [ref(y)])
  } else if (name === 'cumsum' || (name === 'cumprod' && size <= 20)) {
    const options = { dim, exclusive: d.draw.chance(0.3), reverse: d.draw.chance(0.3) }
    const bound = name === 'cumsum' ? d.bound(x) * Math.max(1, size) : Math.min(1e30, d.bound(x) ** Math.max(1, size))
    d.call(name, [ref(x), options], { bound })
  } else if (name === 'logcumsumexp') d.call(name, [ref(isFloat(d.dtype(x)) ? x : d.ranked(floats))])
  else if (name !== 'cumprod') d.call(name, [ref(x), { dim }], { pick: d.draw.pick(['values', 'indices']) })
}

/** Reductions, normalisations and scans. */
export const reductionMakers: readonly Maker[] = [
  { weight: 30, make: totals },
  { weight: 4, make: product },
  { weight: 12, make: extremes },
  { weight: 6, make: positions },
  { weight: 6, make: norm },
  { weight: 2, make: quantile },
  { weight: 18, make: normalized },
  { weight: 14, make: cumulative },
]
