import { sizeOf } from '../../../shape.ts'
import { type Draft, floats, type Maker, ref } from '../draft.ts'

/** A square matrix, or a stack of them, far from singular. */
function regular(d: Draft): number {
  const n = d.draw.int(1, 4)
  const shape = d.draw.chance(0.5) ? [n, n] : [2, n, n]
  const small = d.data(shape, 'float32', () => Array.from({ length: sizeOf(shape) }, () => d.draw.int(-8, 8) / 8))
  return d.call('add', [ref(small), ref(d.call('mul', [ref(d.call('eye', [n])), 8]))], { bound: 9 })
}

/** A symmetric matrix with eigenvalues of 1 at least. */
function positive(d: Draft): number {
  const a = regular(d)
  const rank = d.shape(a).length
  return d.call('matmul', [ref(a), ref(d.call('transpose', [ref(a), rank - 2, rank - 1]))], { bound: 200 })
}

function decomposition(d: Draft): void {
  const cases: readonly (() => void)[] = [
    () => d.call('cholesky', [ref(positive(d))]),
    () => d.call('qr', [ref(regular(d))], { pick: d.draw.pick(['q', 'r']) }),
    () => d.call('svd', [ref(regular(d))], { pick: 's' }),
    () => d.call('eigh', [ref(positive(d))], { pick: 'values', bound: 400 }),
  ]
  d.draw.pick(cases)()
}

function equations(d: Draft): void {
  const a = regular(d)
  const b = d.leaf([...d.shape(a).slice(0, -1), 2], 'float32')
  const name = d.draw.pick(['solve', 'triangularSolve', 'lstsq', 'inverse', 'pinv'])
  d.call(name, name === 'inverse' || name === 'pinv' ? [ref(a)] : [ref(a), ref(b)])
}

function numbers(d: Draft): void {
  const a = regular(d)
  const name = d.draw.pick(['det', 'logdet', 'slogdet', 'trace', 'matrixPower', 'matrixExp'])
  if (name === 'slogdet') d.call(name, [ref(a)], { pick: 'logabsdet' })
  else if (name === 'matrixPower') d.call(name, [ref(a), d.draw.int(-2, 3)], { bound: 1e4 })
  else d.call(name, [ref(a)], { bound: 1e5 })
}

function kron(d: Draft): void {
  const a = d.value(floats, shape => shape.length === 2 && shape[0] * shape[1] <= 60)
  const b = d.exactly([2, 3], floats)
  d.call('kron', [ref(a), ref(b)], { bound: d.bound(a) * d.bound(b) })
}

/** Linear algebra of matrices that have what is asked for. */
export const matrixMakers: readonly Maker[] = [
  { weight: 3, make: decomposition },
  { weight: 4, make: equations },
  { weight: 4, make: numbers },
  { weight: 1, make: kron },
]
