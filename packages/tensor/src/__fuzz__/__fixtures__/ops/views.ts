import { sizeOf } from '../../../shape.ts'
import { type Draft, type Maker, ref } from '../draft.ts'
import { fits, regroup } from '../shapes.ts'

function reshape(d: Draft): void {
  const x = d.value()
  const shape = regroup(d.draw, d.shape(x))
  const size = sizeOf(shape)
  const open = shape.length > 0 && size > 0 && d.draw.chance(0.3)
  if (open) shape[d.draw.int(0, shape.length - 1)] = -1
  d.call('reshape', [ref(x), shape])
}

function flatten(d: Draft): void {
  const x = d.ranked()
  const [first, last] = [d.draw.int(0, d.shape(x).length - 1), d.draw.int(0, d.shape(x).length - 1)]
  d.call('flatten', [ref(x), { startDim: Math.min(first, last), endDim: Math.max(first, last) }])
}

function unflatten(d: Draft): void {
  const x = d.ranked()
  const dim = d.dim(x)
  const size = d.shape(x).at(dim) as number
  d.call('unflatten', [ref(x), dim, d.draw.pick([[1, size], [size, 1], size % 2 === 0 ? [2, size / 2] : [size]])])
}

function order(d: Draft): void {
  const x = d.ranked()
  const dims = [...d.shape(x).keys()]
  if (d.draw.chance(0.5)) d.call('permute', [ref(x), d.draw.shuffle(dims)])
  else d.call(d.draw.pick(['transpose', 'movedim']), [ref(x), d.dim(x), d.dim(x)])
}

function ones(d: Draft): void {
  const x = d.value()
  const kind = d.draw.int(0, 3)
  if (kind < 2) d.call('unsqueeze', [ref(x), d.draw.int(0, d.shape(x).length)])
  else if (kind === 2 && d.shape(x).length > 0) d.call('squeeze', [ref(x), { dim: d.dim(x) }])
  else d.call('squeeze', [ref(x)])
}

function expand(d: Draft): void {
  const x = d.value()
  const widened = d.shape(x).map(dim => (dim === 1 ? d.draw.pick([1, 3, 4, 5]) : dim))
  const shape = [...(d.draw.chance(0.5) ? [d.draw.int(1, 4)] : []), ...widened]
  if (fits(shape)) d.call(d.draw.pick(['expand', 'broadcastTo']), [ref(x), shape])
}

function slice(d: Draft): void {
  const x = d.ranked()
  const dim = d.dim(x)
  const size = d.shape(x).at(dim) as number
  const start = d.draw.int(0, size)
  const end = d.draw.int(start, size)
  const kind = d.draw.int(0, 4)
  if (kind < 2) d.call('slice', [ref(x), dim, { start, end, step: d.draw.pick([1, 1, 2, 3]) }])
  else if (kind === 2) d.call('narrow', [ref(x), dim, start, end - start])
  else if (kind === 3 && size > 0) d.call('select', [ref(x), dim, d.draw.int(-size, size - 1)])
  else d.call('at', [ref(x), { start: d.draw.int(-3, 3), step: d.draw.int(1, 2) }, ...d.draw.pick([[null], ['...']])])
}

function flip(d: Draft): void {
  const x = d.ranked()
  const dim = d.dim(x)
  if (d.draw.chance(0.6)) d.call('flip', [ref(x), d.draw.pick([dim, [...d.shape(x).keys()]])])
  else d.call('roll', [ref(x), d.draw.int(-3, 3), ...d.draw.pick([[dim], []])])
}

function repeat(d: Draft): void {
  const x = d.ranked()
  if (!fits([...d.shape(x), 4])) return
  if (d.draw.chance(0.5)) d.call('tile', [ref(x), d.draw.pick([[2], [2, 1], [1, 2], [3, 1, 1]])])
  else d.call('repeatInterleave', [ref(x), d.draw.int(0, 3), d.draw.pick([{}, { dim: d.dim(x) }])])
}

function diagonals(d: Draft): void {
  const x = d.ranked(undefined, 2)
  const kind = d.draw.int(0, 3)
  const offset = d.draw.int(-2, 2)
  if (kind === 0) d.call(d.draw.pick(['tril', 'triu']), [ref(x), { diagonal: offset }])
  else if (kind === 1) {
    const vector = d.value(undefined, shape => shape.length <= 2 && shape.length >= 1 && Math.max(...shape) < 40)
    d.call('diag', [ref(vector)])
  } else {
    const [dim1, dim2] = d.draw.shuffle([...d.shape(x).keys()])
    d.call('diagonal', [ref(x), { offset, dim1, dim2 }])
  }
}

function unfold(d: Draft): void {
  const x = d.ranked()
  const dim = d.dim(x)
  const size = d.draw.int(1, Math.min(4, Math.max(1, d.shape(x).at(dim) as number)))
  if (size <= (d.shape(x).at(dim) as number) && fits([...d.shape(x), size]))
    d.call('unfold', [ref(x), dim, size, d.draw.int(1, 3)])
}

function pad(d: Draft): void {
  const x = d.ranked()
  const sizes = [...d.shape(x)].reverse().slice(0, d.draw.int(1, 2))
  const mode = d.draw.pick(['constant', 'constant', 'reflect', 'replicate', 'circular'])
  const most = (size: number) => (mode === 'reflect' ? size - 1 : mode === 'replicate' && size > 0 ? 2 : size)
  const least = (size: number) => (mode === 'constant' && size > 1 ? -1 : 0)
  const pads = sizes.flatMap(size => [0, 1].map(() => d.draw.int(least(size), Math.max(0, Math.min(2, most(size))))))
  const crops = sizes.some((size, i) => size + Math.min(0, pads[2 * i]) + Math.min(0, pads[2 * i + 1]) < 0)
  if (crops || !fits(d.shape(x).map(dim => dim + 4))) return
  const value = d.dtype(x) === 'bool' ? true : d.draw.pick([0, 1, 3])
  d.call('pad', [ref(x), pads, mode === 'constant' ? d.draw.pick([{}, { value }]) : { mode }])
}

/** Functions that move elements without computing. */
export const viewMakers: readonly Maker[] = [
  { weight: 16, make: reshape },
  { weight: 4, make: flatten },
  { weight: 3, make: unflatten },
  { weight: 16, make: order },
  { weight: 6, make: ones },
  { weight: 10, make: expand },
  { weight: 16, make: slice },
  { weight: 8, make: flip },
  { weight: 5, make: repeat },
  { weight: 7, make: diagonals },
  { weight: 5, make: unfold },
  { weight: 8, make: pad },
]
