import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cholesky,
  det,
  eigh,
  inverse,
  lstsq,
  matmul,
  matrixExp,
  matrixPower,
  normal,
  pinv,
  qr,
  randomKey,
  SurprisalError,
  slogdet,
  solve,
  svd,
  type Tensor,
  tensor,
  triangularSolve,
} from '../index.ts'

const list = (x: Tensor) => Array.from(x.dataSync())
const random = (shape: number[], seed: number) => normal(randomKey(seed), shape)

function isNear(got: Tensor, wanted: Tensor, tolerance = 2e-4): void {
  expect(got.shape).toEqual(wanted.shape)
  const [a, b] = [list(got), list(wanted)]
  const scale = Math.max(1, ...b.map(Math.abs))
  a.forEach((value, i) => {
    expect(Math.abs(value - b[i])).toBeLessThanOrEqual(tolerance * scale)
  })
}

const eyeLike = (x: Tensor) => matrixPower(x, 0)
const sizes = fc.record({ m: fc.integer({ min: 1, max: 7 }), n: fc.integer({ min: 1, max: 7 }), seed: fc.nat(1000) })
const check = (property: (value: { m: number; n: number; seed: number }) => void) =>
  fc.assert(fc.property(sizes, property), { seed: 3, numRuns: 40 })

describe('factorisations', () => {
  it('qr: orthonormal times upper triangular with a diagonal of at least 0', () => {
    check(({ m, n, seed }) => {
      const a = random([2, m, n], seed)
      const { q, r } = qr(a)
      isNear(q.matmul(r), a)
      isNear(q.transpose(1, 2).matmul(q), eyeLike(r.matmul(r.transpose(1, 2))))
      isNear(r.triu(), r, 0)
      for (const value of list(r.diagonal({ dim1: 1, dim2: 2 }))) expect(value).toBeGreaterThanOrEqual(0)
    })
  })

  it('svd: orthonormal factors, descending values, the largest entry of a left vector positive', () => {
    check(({ m, n, seed }) => {
      const a = random([m, n], seed)
      const { u, s, vh } = svd(a)
      isNear(u.mul(s).matmul(vh), a)
      isNear(u.transpose(0, 1).matmul(u), eyeLike(u.transpose(0, 1).matmul(u)))
      isNear(vh.matmul(vh.transpose(0, 1)), eyeLike(vh.matmul(vh.transpose(0, 1))))
      const values = list(s)
      expect(values).toEqual([...values].sort((x, y) => y - x))
      for (const column of list(u.gather(0, u.abs().argmax({ dim: 0, keepdim: true }))))
        expect(column).toBeGreaterThan(0)
    })
  })

  it('svd of a matrix of lower rank has zeros behind its rank', () => {
    const a = random([5, 2], 1).matmul(random([2, 4], 2))
    const { u, s, vh } = svd(a)
    isNear(u.mul(s).matmul(vh), a)
    expect(
      list(s)
        .slice(2)
        .every(value => value < 1e-5),
    ).toBe(true)
  })

  it('eigh: orthonormal vectors, ascending values', () => {
    check(({ n, seed }) => {
      const b = random([n, n], seed)
      const a = b.add(b.transpose(0, 1))
      const { values, vectors } = eigh(a)
      isNear(vectors.mul(values).matmul(vectors.transpose(0, 1)), a)
      isNear(vectors.transpose(0, 1).matmul(vectors), eyeLike(a))
      expect(list(values)).toEqual(list(values).sort((x, y) => x - y))
    })
  })

  it('cholesky: lower triangular, and an error with the minor that fails', () => {
    check(({ n, seed }) => {
      const b = random([n, n], seed)
      const a = b.matmul(b.transpose(0, 1)).add(eyeLike(b))
      const l = cholesky(a)
      isNear(l.matmul(l.transpose(0, 1)), a)
      isNear(l.tril(), l, 0)
    })
    expect(() =>
      cholesky(
        tensor([
          [1, 2],
          [2, 1],
        ]),
      ).dataSync(),
    ).toThrow('cholesky: matrix 0 is not positive definite (leading minor 2)')
  })
})

describe('solving', () => {
  it('solve, inverse and triangularSolve undo a product', () => {
    check(({ m, n, seed }) => {
      const a = random([n, n], seed).add(eyeLike(random([n, n], seed)).mul(4))
      const x = random([n, m], seed + 1)
      isNear(solve(a, a.matmul(x)), x, 2e-3)
      isNear(inverse(a).matmul(a), eyeLike(a), 2e-3)
      const l = a.tril()
      isNear(triangularSolve(l, l.matmul(x)), x, 2e-3)
      isNear(triangularSolve(a.triu(), a.triu().matmul(x), { upper: true }), x, 2e-3)
    })
  })

  it('names the singular matrix of a stack', () => {
    const stack = tensor([
      [
        [1, 0],
        [0, 1],
      ],
      [
        [1, 2],
        [2, 4],
      ],
    ])
    expect(() => inverse(stack).dataSync()).toThrow(new SurprisalError('argument', 'inverse: matrix 1 is singular'))
    expect(() => solve(tensor([[1, 2, 3]]), tensor([[1]]))).toThrow('solve: expected square matrices, got [1, 3]')
  })

  it('lstsq gives the solution of least norm, as pinv does', () => {
    check(({ m, n, seed }) => {
      const [a, b] = [random([m, n], seed), random([m, 2], seed + 1)]
      isNear(lstsq(a, b), pinv(a).matmul(b), 5e-3)
      isNear(a.matmul(pinv(a)).matmul(a), a, 2e-3)
    })
  })
})

describe('determinants and functions of matrices', () => {
  it('det is that of the product, slogdet its sign and logarithm', () => {
    check(({ n, seed }) => {
      const [a, b] = [random([n, n], seed), random([n, n], seed + 1)]
      isNear(det(matmul(a, b)), det(a).mul(det(b)), 1e-3)
      const { sign, logabsdet } = slogdet(a)
      isNear(sign.mul(logabsdet.exp()), det(a), 1e-3)
    })
    const { sign, logabsdet } = slogdet(tensor([[0]]))
    expect([list(sign), list(logabsdet)]).toEqual([[0], [Number.NEGATIVE_INFINITY]])
  })

  it('powers multiply, and the exponential of a sum of one matrix is the product', () => {
    const a = random([4, 4], 5).mul(0.5)
    isNear(matrixPower(a, 5), a.matmul(a).matmul(a).matmul(a).matmul(a))
    isNear(matrixPower(a, -2).matmul(a).matmul(a), eyeLike(a), 1e-2)
    isNear(matrixExp(a.mul(2)), matrixExp(a).matmul(matrixExp(a)), 1e-3)
    isNear(matrixExp(a.mul(0)), eyeLike(a))
  })

  it('of nothing are empty or 1', () => {
    expect(list(det(random([0, 0], 1)))).toEqual([1])
    expect(inverse(random([2, 0, 0], 1)).shape).toEqual([2, 0, 0])
  })
})
