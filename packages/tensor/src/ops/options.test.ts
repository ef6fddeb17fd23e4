import { describe, it } from 'vitest'
import { expectError, float, tensorOf } from './__fixtures__/test-tools.ts'
import { cdist } from './cdist.ts'
import { full, linspace, ones, zeros, zerosLike } from './creation.ts'
import { diagonal, tril, triu } from './diagonals.ts'
import { bincount, unique } from './dynamic.ts'
import { oneHot } from './indexing.ts'
import { chunk, split, unbind } from './joining.ts'
import { pad } from './padding.ts'
import { normal, uniform } from './random.ts'
import { repeatInterleave } from './repeating.ts'
import { flatten, squeeze } from './reshaping.ts'
import { categorical, truncatedNormal } from './sampling.ts'
import { cummax, cummin, cumprod, cumsum, diff, logcumsumexp } from './scans.ts'
import { slice } from './slicing.ts'
import { argsort, bucketize, searchsorted, sort, topk } from './sorting.ts'
import { tensor } from './tensor-data.ts'

const x = float([1, 2, 3, 4], [2, 2])
const vector = float([1, 2])
const index = tensorOf('int32', [0, 1])

/** Calls with something in place of the options. */
const calls: Record<string, (options: never) => unknown> = {
  argsort: options => argsort(x, options),
  bucketize: options => bucketize(x, vector, options),
  categorical: options => categorical(1, x, options),
  cdist: options => cdist(x, x, options),
  chunk: options => chunk(x, 2, options),
  cummax: options => cummax(x, options),
  cummin: options => cummin(x, options),
  cumprod: options => cumprod(x, options),
  cumsum: options => cumsum(x, options),
  diagonal: options => diagonal(x, options),
  diff: options => diff(x, options),
  flatten: options => flatten(x, options),
  full: options => full([1], 1, options),
  linspace: options => linspace(0, 1, 2, options),
  logcumsumexp: options => logcumsumexp(x, options),
  normal: options => normal(1, [1], options),
  oneHot: options => oneHot(index, 2, options),
  ones: options => ones([1], options),
  pad: options => pad(x, [1, 1], options),
  repeatInterleave: options => repeatInterleave(x, 2, options),
  searchsorted: options => searchsorted(vector, x, options),
  slice: options => slice(x, 0, options),
  sort: options => sort(x, options),
  split: options => split(x, 1, options),
  squeeze: options => squeeze(x, options),
  tensor: options => tensor([1], options),
  topk: options => topk(x, 1, options),
  tril: options => tril(x, options),
  triu: options => triu(x, options),
  truncatedNormal: options => truncatedNormal(1, [1], options),
  unbind: options => unbind(x, options),
  uniform: options => uniform(1, [1], options),
  zeros: options => zeros([1], options),
  zerosLike: options => zerosLike(x, options),
}

describe('a bare value in place of the options', () => {
  for (const [op, call] of Object.entries(calls))
    it(`is refused by ${op}`, () => {
      expectError(() => call(0 as never), 'argument', `${op}: options must be an object, got 0`)
      expectError(() => call(null as never), 'argument', `${op}: options must be an object, got null`)
    })

  it('is refused by ops that read their input', async ({ expect }) => {
    await expect(unique(x, 0 as never)).rejects.toThrow('unique: options must be an object, got 0')
    await expect(bincount(index, 0 as never)).rejects.toThrow('bincount: options must be an object, got 0')
  })
})

describe('empty options', () => {
  const empty = {} as never
  for (const [op, call] of Object.entries(calls))
    it(`are the defaults of ${op}`, ({ expect }) => {
      expect(() => call(empty)).not.toThrow()
    })
})
