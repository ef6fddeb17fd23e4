import type { DType } from '../../../dtype.ts'
import type { Shape } from '../../../shape.ts'
import { type Draft, floats, type Maker, ref } from '../draft.ts'

/** Planes of 3 to 9 cells a side, or what is there of the rank wanted. */
function planes(d: Draft, spatial: number, channels: number | null, allowed: readonly DType[] = floats): number {
  const passes = (shape: Shape): boolean =>
    shape.length === spatial + 2 &&
    shape.slice(2).every(size => size >= 3 && size <= 40) &&
    shape[0] <= 5 &&
    shape[1] === (channels ?? shape[1]) &&
    shape[1] > 0 &&
    shape[1] <= 5
  if (d.items.some((_, value) => passes(d.shape(value)) && allowed.includes(d.dtype(value))) && d.draw.chance(0.6))
    return d.value(allowed, passes)
  const sides = Array.from({ length: spatial }, () => d.draw.pick([3, 4, 5, 9]))
  return d.leaf([d.draw.pick([0, 1, 1, 2, 3]), channels ?? d.draw.int(1, 4), ...sides], d.draw.pick(allowed))
}

function convolution(d: Draft): void {
  const spatial = d.draw.weighted([
    { rank: 1, weight: 3 },
    { rank: 2, weight: 6 },
    { rank: 3, weight: 1 },
  ]).rank
  const transposed = spatial < 3 && d.draw.chance(0.25)
  const groups = d.draw.pick([1, 1, 2, 4])
  const x = planes(d, spatial, groups === 1 ? null : 4)
  const channels = d.shape(x)[1]
  const out = groups * d.draw.int(1, 3)
  const kernel = Array.from({ length: spatial }, () => d.draw.int(1, 3))
  const weight = d.exactly(
    transposed ? [channels, out / groups, ...kernel] : [out, channels / groups, ...kernel],
    floats,
  )
  const bias = d.draw.chance(0.5) ? ref(d.exactly([out], floats)) : null
  const stride = d.draw.pick([1, 1, 2])
  const padding = transposed ? 0 : d.draw.pick([0, 1, stride === 1 ? 'same' : 'valid'])
  const name = `${transposed ? 'convTranspose' : 'conv'}${spatial}d`
  d.call(name, [ref(x), ref(weight), bias, { stride, padding, groups }], {
    bound: d.bound(x) * d.bound(weight) * 27 * channels,
  })
}

function pooling(d: Draft): void {
  const spatial = d.draw.int(1, 2)
  const kind = d.draw.int(0, 3)
  if (kind === 0) {
    d.call(`adaptiveAvgPool${spatial}d`, [ref(planes(d, spatial, null)), d.draw.int(1, 4)])
    return
  }
  const size = d.draw.int(2, 3)
  const options = { stride: d.draw.int(1, 3), padding: d.draw.int(0, 1), ceilMode: d.draw.chance(0.3) }
  if (kind === 1) {
    const countIncludePad = d.draw.chance(0.5)
    d.call(`avgPool${spatial}d`, [ref(planes(d, spatial, null)), size, { ...options, countIncludePad }])
  } else d.call(`maxPool${spatial}d`, [ref(planes(d, spatial, null, ['float32', 'float16', 'int32'])), size, options])
}

function interpolate(d: Draft): void {
  const mode = d.draw.pick(['nearest', 'bilinear', 'bicubic', 'linear', 'area'])
  const spatial = mode === 'linear' ? 1 : 2
  const size = Array.from({ length: spatial }, () => d.draw.int(1, 9))
  const alignCorners = mode.endsWith('linear') || mode === 'bicubic' ? { alignCorners: d.draw.chance(0.5) } : {}
  d.call('interpolate', [ref(planes(d, spatial, null)), { size, mode, ...alignCorners }])
}

/** Functions that slide windows over planes. */
export const windowMakers: readonly Maker[] = [
  { weight: 6, make: convolution },
  { weight: 4, make: pooling },
  { weight: 2, make: interpolate },
]
