import type { dtypes } from '../../../dtype.ts'
import type { Shape } from '../../../shape.ts'
import { type Draft, floats, type Maker, numeric, ref } from '../draft.ts'
import { fits } from '../shapes.ts'

const outer = (d: Draft): number => d.draw.pick([1, 2, 3, 4, 5, 9, 17])

const bound = (d: Draft, a: number, b: number, terms: number): { bound: number } => ({
  bound: d.bound(a) * d.bound(b) * Math.max(1, terms),
})

/** Mostly two float operands, sometimes any two. */
const kinds = (d: Draft): typeof dtypes => (d.draw.chance(0.7) ? floats : numeric)

function matmul(d: Draft): void {
  const a = d.ranked(kinds(d))
  const shape = d.shape(a)
  const inner = shape.at(-1) as number
  const batch: Shape = d.draw.chance(0.5) ? shape.slice(0, -2) : d.draw.pick([[], [1]])
  const wanted = d.draw.chance(0.15) ? [inner] : [...batch, inner, outer(d)]
  if (!fits([...shape, wanted.at(-1) as number])) return
  const b = d.exactly(wanted, d.draw.chance(0.8) ? [d.dtype(a)] : numeric)
  d.call('matmul', [ref(a), ref(b)], bound(d, a, b, inner))
}

/** A product with the transpose of what is there, so that one operand is read across its rows. */
function gram(d: Draft): void {
  const a = d.value(floats, shape => shape.length === 2 && shape[0] <= 40)
  const t = d.call('transpose', [ref(a), 0, 1])
  const [left, right] = d.shape(a)[1] <= 40 && d.draw.chance(0.5) ? [t, a] : [a, t]
  d.call('matmul', [ref(left), ref(right)], bound(d, a, a, d.shape(left)[1]))
}

function linear(d: Draft): void {
  const x = d.ranked(floats)
  const inner = d.shape(x).at(-1) as number
  const out = outer(d)
  if (!fits([...d.shape(x), out])) return
  const weight = d.exactly([out, inner], floats)
  const bias = d.draw.chance(0.5) ? ref(d.exactly([out], floats)) : null
  d.call('linear', [ref(x), ref(weight), bias], bound(d, x, weight, inner + 1))
}

function vectors(d: Draft): void {
  const a = d.value(kinds(d), shape => shape.length === 1)
  if (d.draw.chance(0.5)) {
    const b = d.exactly(d.shape(a), [d.dtype(a)])
    d.call('dot', [ref(a), ref(b)], bound(d, a, b, d.shape(a)[0]))
  } else {
    const b = d.leaf([outer(d)], d.dtype(a))
    if (fits([...d.shape(a), ...d.shape(b)])) d.call('outer', [ref(a), ref(b)], bound(d, a, b, 1))
  }
}

function batched(d: Draft): void {
  const a = d.value(kinds(d), shape => shape.length === 3)
  const [batch, rows, inner] = d.shape(a)
  const columns = outer(d)
  if (!fits([batch, rows, columns])) return
  const b = d.exactly([batch, inner, columns], [d.dtype(a)])
  d.call('bmm', [ref(a), ref(b)], bound(d, a, b, inner))
}

function addmm(d: Draft): void {
  const a = d.value(floats, shape => shape.length === 2)
  const [rows, inner] = d.shape(a)
  const columns = outer(d)
  const b = d.exactly([inner, columns], floats)
  const c = d.exactly(d.draw.pick([[columns], [rows, columns]]), floats)
  d.call('addmm', [ref(c), ref(a), ref(b)], bound(d, a, b, inner + 1))
}

function einsum(d: Draft): void {
  const a = d.value(floats, shape => shape.length === 3 && shape[0] * shape[1] * shape[2] <= 600)
  const [i, j, k] = d.shape(a)
  const n = outer(d)
  const cases: readonly [string, Shape][] = [
    ['ijk, kn -> ijn', [k, n]],
    ['ijk, ijn -> ikn', [i, j, n]],
    ['ijk, njk -> in', [n, j, k]],
    ['ijk, ik -> kj', [i, k]],
    ['ijk, ijk -> i', [i, j, k]],
    ['i..., i -> ...', [i]],
  ]
  const [equation, shape] = d.draw.pick(cases)
  const b = d.exactly(shape, floats)
  if (d.draw.chance(0.2)) d.call('einsum', ['ijk -> kj', ref(a)], bound(d, a, a, i))
  else d.call('einsum', [equation, ref(a), ref(b)], bound(d, a, b, i * j * k))
}

function cdist(d: Draft): void {
  const a = d.value(floats, shape => shape.length >= 2 && shape.reduce((x, y) => x * y, 1) <= 400)
  const b = d.exactly([d.draw.int(1, 5), d.shape(a).at(-1) as number], floats)
  d.call('cdist', [ref(a), ref(b), { p: d.draw.pick([2, 1, 'inf', 0, 3]) }], bound(d, a, b, 4))
}

/** Products of matrices and what is made of them. */
export const contractionMakers: readonly Maker[] = [
  { weight: 12, make: matmul },
  { weight: 4, make: gram },
  { weight: 8, make: linear },
  { weight: 4, make: vectors },
  { weight: 4, make: batched },
  { weight: 3, make: addmm },
  { weight: 5, make: einsum },
  { weight: 2, make: cdist },
]
