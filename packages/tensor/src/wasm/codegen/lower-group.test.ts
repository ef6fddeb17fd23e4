import { afterAll, describe, expect, it } from 'vitest'
import {
  arange,
  type DType,
  full,
  layerNorm,
  normal,
  ones,
  randomBits,
  randomKey,
  setExecutor,
  type Tensor,
  uniform,
  where,
} from '../../index.ts'
import { registerReference } from '../../reference.ts'

/** Ends of vectors, of unrolled loops and of blocks of sums. */
const sizes = [...Array(21).keys(), 31, 33, 1023, 1024, 1025, 1030, 2049]

registerReference()
afterAll(() => setExecutor('wasm'))

/** Compares generated code with plain loops; sums of many terms may differ in the last digits. */
function agrees(build: () => Tensor, tolerance = 0): void {
  setExecutor('wasm')
  const got = build().dataSync()
  setExecutor('reference')
  const wanted = build().dataSync()
  expect(got.length).toBe(wanted.length)
  for (let i = 0; i < wanted.length; i++) {
    const close = Object.is(got[i], wanted[i]) || Math.abs(got[i] - wanted[i]) <= tolerance * (1 + Math.abs(wanted[i]))
    if (!close) expect([i, got[i]]).toEqual([i, wanted[i]])
  }
}

describe('pointwise kernels', () => {
  it('write every element once, for any size', () => {
    for (const n of sizes) agrees(() => arange(n).cast('float32').mul(3).add(1).sub(0.5))
  })

  it.each(['float32', 'float16', 'int32', 'uint8', 'int8', 'bool'] as DType[])('load and store %s', dtype => {
    for (const n of [0, 1, 3, 4, 5, 17, 1030]) {
      const x = () => arange(n).sub(7).cast(dtype)
      agrees(() => x().add(x().flip([0])))
      agrees(() => x().cast('float32').mul(0.5).cast(dtype))
      agrees(() => where(x().cast('bool'), x(), x().flip([0])))
    }
  })

  it('read by any strides', () => {
    const x = () =>
      arange(2 * 3 * 35)
        .cast('float32')
        .reshape([2, 3, 35])
    agrees(() => x().permute([2, 0, 1]).add(1))
    agrees(() => x().flip([0, 2]).mul(x()))
    agrees(() => x().slice(2, { start: 1, step: 3 }).neg())
    agrees(() => x().select(1, 2).add(x().select(0, 1).select(0, 0)))
    agrees(() =>
      x()
        .unsqueeze(1)
        .expand([2, 4, 3, 35])
        .sub(arange(4).reshape([4, 1, 1]).cast('float32')),
    )
    agrees(() => x().unfold(2, 5, 3).abs())
    agrees(() =>
      arange(256 * 130)
        .cast('float32')
        .reshape([256, 130])
        .transpose(0, 1)
        .add(1),
    )
  })

  it('make numbers and random bits from positions', () => {
    agrees(() => arange(3, 60, 2))
    agrees(() => arange(0, 1, 0.01).flip([0]))
    agrees(() => randomBits(randomKey(7), [3, 41]).transpose(0, 1).add(0))
    agrees(() => uniform(randomKey(7), [33]).add(normal(randomKey(8), [33])))
  })

  it('look elements up', () => {
    const x = () => arange(60).cast('float32').reshape([5, 12])
    const index = () => arange(45).mul(7).remainder(12).reshape([5, 9])
    agrees(() => x().gather(1, index()).mul(2))
    agrees(
      () =>
        x()
          .gather(1, index().slice(1, { end: 1 }))
          .exp()
          .log(),
      1e-6,
    )
  })
})

describe('kernels over rows', () => {
  const rows = (n: number, r = 3) => normal(randomKey(n), [r, n])

  it('sum, multiply and find extremes and their places', () => {
    for (const n of sizes) {
      agrees(() => rows(n).sum({ dim: 1 }), 1e-5)
      agrees(() => rows(n).mul(0.01).add(1).prod({ dim: 1 }), 1e-5)
      agrees(() => rows(n).greater(1).any({ dim: 1 }))
      agrees(() => rows(n).greater(-2).all({ dim: 1 }))
      agrees(() => rows(n).mul(9).cast('int32').sum({ dim: 1 }))
      if (n === 0) continue
      for (const dtype of ['float32', 'int32', 'int8', 'uint8'] as const) {
        const x = () => rows(n).mul(2).round().cast(dtype)
        agrees(() => x().max({ dim: 1 }))
        agrees(() => x().min({ dim: 1 }))
        agrees(() => x().argmax({ dim: 1 }))
        agrees(() => x().argmin({ dim: 1 }))
      }
    }
  })

  it('find the place of a truth', () => {
    for (const n of [1, 4, 7, 33]) {
      const x = () => normal(randomKey(n), [5, n]).greater(0.5)
      for (const dim of [0, 1]) {
        agrees(() => x().argmax({ dim }))
        agrees(() => x().argmin({ dim }))
      }
    }
  })

  it('sweep a row as often as reductions follow upon one another', () => {
    for (const n of sizes.filter(size => size > 0)) {
      agrees(() => rows(n).softmax(), 1e-5)
      agrees(() => rows(n).logSoftmax(), 1e-5)
      agrees(() => layerNorm(rows(n), [n], arange(n).cast('float32').mul(0.01), ones([n])), 1e-3)
      agrees(() => rows(n).var({ dim: 1, correction: 0 }), 1e-5)
    }
  })

  it('find NaN wherever it stands', () => {
    for (const at of [0, 1, 5, 17, 30, 32]) {
      const x = () => where(arange(33).equal(at), full([2, 33], Number.NaN), arange(33).cast('float32'))
      agrees(() => x().max({ dim: 1 }))
      agrees(() => x().min({ dim: 1 }))
      agrees(() => x().argmax({ dim: 1 }))
      agrees(() => x().argmin({ dim: 1 }))
      agrees(() => x().sum({ dim: 1 }))
    }
  })

  it('write what is one per row to every element', () => {
    agrees(() => ones([4, 7]).equal(ones([4, 7]).min({ dim: 1, keepdim: true })))
    agrees(() => rows(9).sum({ dim: 1, keepdim: true }).expand([3, 9]).add(0), 1e-5)
  })

  it('read rows by any strides', () => {
    agrees(() => rows(70, 5).transpose(0, 1).sum({ dim: 1 }), 1e-5)
    agrees(() => rows(70, 5).flip([1]).mul(rows(70, 5)).sum({ dim: 1 }), 1e-5)
    agrees(
      () =>
        normal(randomKey(1), [3, 4, 5, 6])
          .permute([0, 2, 1, 3])
          .sum({ dim: [2, 3] }),
      1e-5,
    )
    agrees(() => normal(randomKey(1), [200, 300]).transpose(0, 1).softmax(), 1e-5)
  })
})

describe('kernels over columns', () => {
  const shapes = [
    [3, 1, 4],
    [5, 130, 1],
    [70, 3, 5],
    [130, 257, 1],
    [2, 3, 300],
    [64, 64, 3],
  ]

  it.each(shapes)('reduce leading dims of [%i, %i, %i]', (...shape) => {
    const x = () => normal(randomKey(shape[0]), shape)
    for (const dim of [0, 1, [0, 1]]) {
      agrees(() => x().square().sum({ dim }), 1e-5)
      agrees(() => x().mul(0.01).add(1).prod({ dim }), 1e-5)
      agrees(() => x().max({ dim }))
      agrees(() => x().mul(9).cast('int32').sum({ dim }))
      agrees(() => x().greater(1).any({ dim }))
      agrees(() => x().exp().mean({ dim }).log(), 1e-5)
    }
    for (const dim of [0, 1]) agrees(() => x().mul(2).round().argmax({ dim }))
    agrees(() => x().sum({ dim: [0, 2] }), 1e-4)
  })

  it('give identities where nothing is reduced', () => {
    agrees(() => ones([0, 3]).sum({ dim: 0 }))
    agrees(() => ones([0, 3]).prod({ dim: 0 }))
  })
})
