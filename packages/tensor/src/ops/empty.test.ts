import { describe, expect, it } from 'vitest'
import { gradients, type Tensor, zeros } from '../index.ts'
import { float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { cdist } from './cdist.ts'
import { addmm, bmm, linear, matmul, outer } from './contraction.ts'
import { diag, diagonal, tril } from './diagonals.ts'
import { einsum } from './einsum.ts'
import { embedding, gather, indexAdd, indexSelect, scatter, scatterAdd, take } from './indexing.ts'
import { cat, stack } from './joining.ts'
import { expand, flip, permute, roll } from './movement.ts'
import { pad } from './padding.ts'
import { repeatInterleave, tile } from './repeating.ts'
import { flatten, unsqueeze } from './reshaping.ts'
import { cummax, cumprod, cumsum, diff, logcumsumexp } from './scans.ts'
import { scatterReduce } from './scatter-reduce.ts'
import { at, select, slice, unfold } from './slicing.ts'
import { sort, topk } from './sorting.ts'

const none = tensorOf('int32', [])
const noneIn = (...shape: number[]) => tensorOf('int32', [], shape)

/** Ops on tensors that are empty, or that give something empty, with the shape of the result. */
const cases: Record<string, [(...xs: Tensor[]) => Tensor, number[][], number[]]> = {
  addmm: [
    addmm,
    [
      [2, 3],
      [2, 0],
      [0, 3],
    ],
    [2, 3],
  ],
  at: [x => at(x, null, '...', { start: 1 }), [[0, 3]], [1, 0, 2]],
  bmm: [
    bmm,
    [
      [0, 2, 3],
      [0, 3, 4],
    ],
    [0, 2, 4],
  ],
  cat: [
    (a, b) => cat(a, b, { dim: 1 }),
    [
      [2, 0],
      [2, 3],
    ],
    [2, 3],
  ],
  'cat of nothing': [
    cat,
    [
      [0, 2],
      [0, 2],
    ],
    [0, 2],
  ],
  cdist: [
    (a, b) => cdist(a, b),
    [
      [0, 2],
      [3, 2],
    ],
    [0, 3],
  ],
  'cdist of points without coordinates': [
    (a, b) => cdist(a, b),
    [
      [2, 0],
      [3, 0],
    ],
    [2, 3],
  ],
  cummax: [x => cummax(x).values, [[2, 0]], [2, 0]],
  cumprod: [x => cumprod(x, { dim: 0 }), [[0, 2]], [0, 2]],
  cumsum: [x => cumsum(x, { exclusive: true }), [[2, 0]], [2, 0]],
  diag: [diag, [[0]], [0, 0]],
  diagonal: [x => diagonal(x, { offset: 5 }), [[2, 3]], [0]],
  diff: [x => diff(x), [[2, 1]], [2, 0]],
  einsum: [
    (a, b) => einsum('ij,jk->ik', a, b),
    [
      [2, 0],
      [0, 3],
    ],
    [2, 3],
  ],
  embedding: [w => embedding(w, noneIn(2, 0)), [[4, 3]], [2, 0, 3]],
  expand: [x => expand(x, [0, 2]), [[1, 2]], [0, 2]],
  flatten: [x => flatten(x), [[0, 2]], [0]],
  flip: [x => flip(x), [[0, 2]], [0, 2]],
  gather: [x => gather(x, 0, noneIn(0, 2)), [[3, 2]], [0, 2]],
  indexAdd: [
    (x, s) => indexAdd(x, 0, none, s),
    [
      [3, 2],
      [0, 2],
    ],
    [3, 2],
  ],
  indexSelect: [x => indexSelect(x, 0, none), [[0, 2]], [0, 2]],
  linear: [linear, [[0, 3], [2, 3], [2]], [0, 2]],
  'linear without features': [linear, [[4, 0], [2, 0], [2]], [4, 2]],
  logcumsumexp: [x => logcumsumexp(x), [[2, 0]], [2, 0]],
  'matmul over nothing': [
    matmul,
    [
      [2, 0],
      [0, 3],
    ],
    [2, 3],
  ],
  'matmul of no rows': [
    matmul,
    [
      [0, 2],
      [2, 3],
    ],
    [0, 3],
  ],
  'matmul of no batch': [
    matmul,
    [
      [0, 2, 2],
      [1, 2, 3],
    ],
    [0, 2, 3],
  ],
  outer: [outer, [[0], [3]], [0, 3]],
  pad: [x => pad(x, [1, 2]), [[0]], [3]],
  'pad that crops all': [x => pad(x, [-1, -1]), [[2]], [0]],
  permute: [x => permute(x, [1, 0]), [[0, 2]], [2, 0]],
  repeatInterleave: [x => repeatInterleave(x, 0), [[3]], [0]],
  roll: [x => roll(x, 1), [[0, 2]], [0, 2]],
  scatter: [(x, s) => scatter(x, 0, none, s), [[3], [2]], [3]],
  scatterAdd: [(x, s) => scatterAdd(x, 0, none, s), [[0], [0]], [0]],
  'scatterReduce by prod': [(x, s) => scatterReduce(x, 0, none, s, { reduce: 'prod' }), [[2], [0]], [2]],
  'scatterReduce by mean': [
    (x, s) => scatterReduce(x, 0, none, s, { reduce: 'mean', includeSelf: false }),
    [[2], [0]],
    [2],
  ],
  'scatterReduce by amax': [
    (x, s) => scatterReduce(x, 0, none, s, { reduce: 'amax', includeSelf: false }),
    [[2], [0]],
    [2],
  ],
  select: [x => select(x, 0, 1), [[2, 0]], [0]],
  slice: [x => slice(x, 0, { start: 9 }), [[3, 2]], [0, 2]],
  sort: [x => sort(x).values, [[2, 0]], [2, 0]],
  stack: [stack, [[0], [0]], [2, 0]],
  take: [x => take(x, noneIn(0, 2)), [[3]], [0, 2]],
  tile: [x => tile(x, [2, 3]), [[0, 2]], [0, 6]],
  topk: [x => topk(x, 0).values, [[2, 3]], [2, 0]],
  tril: [x => tril(x), [[2, 0]], [2, 0]],
  unfold: [x => unfold(x, 1, 2, 1), [[0, 3]], [0, 2, 2]],
  unsqueeze: [x => unsqueeze(x, 1), [[0]], [0, 1]],
}

describe('empty tensors have a value and gradients of both orders', () => {
  for (const [name, [op, inputShapes, shape]] of Object.entries(cases))
    it(name, () => {
      const inputs = inputShapes.map(inputShape => {
        const size = inputShape.reduce((a, b) => a * b, 1)
        return float(
          Array.from({ length: size }, (_, i) => i + 1),
          inputShape,
        )
      })
      const out = op(...inputs)
      expect(out.shape).toEqual(shape)
      expect(numbers(out)).toHaveLength(out.size)
      const first = gradients(out.square().sum(), inputs)
      const total = first.reduce((sum, gradient) => sum.add(gradient.square().sum()), zeros([]))
      for (const list of [first, gradients(total, inputs)])
        list.forEach((gradient, i) => {
          expect(gradient.shape).toEqual(inputShapes[i])
          expect(numbers(gradient).every(Number.isFinite)).toBe(true)
        })
    })
})
