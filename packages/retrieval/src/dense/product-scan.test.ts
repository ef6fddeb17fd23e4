import { normal, randomKey } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scanFloat32 } from './float32-scan.ts'
import { quantizeInt8Rows } from './int8-codes.ts'
import { scanInt8, squaredCodes } from './int8-scan.ts'
import { isProductWork } from './product-scan.ts'
import { RowBlocks } from './row-blocks.ts'
import { inverseNorms, type Metric } from './vectors.ts'

fc.configureGlobal({ seed: 1 })

const [count, dim, queryCount] = [1100, 4, 130]
const random = (seed: number, n: number) => normal(randomKey(seed), [n]).dataSync() as Float32Array
const sign = (x: number) => (x < 0 ? -1 : 1)

/** Vectors that are easy to get wrong, made of normal numbers. */
const KINDS: Record<string, (x: number, i: number) => number> = {
  plain: x => x,
  'full of ties': x => Math.round(x) || 1,
  'nearly equal': (x, i) => 1 + (i % dim) + x * 1e-6,
  'far from the origin': (x, i) => 1e4 * ((i % dim) + 1) + x,
  huge: x => x * 1e37,
  'beyond float32 in their products': x => sign(x) * 3e38,
  tiny: x => (x || 1) * 1e-38,
  'of the smallest numbers': x => (Math.round(3 * x) || 1) * 2 ** -149,
  'of very different lengths': (x, i) => (x || 1) * 10 ** ((Math.floor(i / dim) % 61) - 30),
}
const kinds = fc.constantFrom(...Object.keys(KINDS))
const metrics = fc.constantFrom<Metric>('dot', 'cosine', 'l2')
const filters = fc.constantFrom(
  undefined,
  (row: number) => row % 3 === 0,
  (row: number) => row === 700,
)

function vectors(kind: string, seed: number, n: number): Float32Array {
  return random(seed, n * dim).map((x, i) => KINDS[kind](x, i))
}

function queriesOf(values: Float32Array): Float64Array[] {
  return Array.from({ length: values.length / dim }, (_, q) =>
    Float64Array.from(values.subarray(q * dim, (q + 1) * dim)),
  )
}

const smallBlocks = () => new RowBlocks(dim, { blockValues: 128 * dim })

describe('scanProducts', () => {
  const anything = [kinds, kinds, metrics, fc.constantFrom(1, 10, 2000), filters, fc.nat(9)] as const

  it('equals the plain scan of float32 rows to the bit', () => {
    fc.assert(
      fc.property(...anything, (kind, queryKind, metric, k, filter, seed) => {
        const data = vectors(kind, seed, count)
        const queries = queriesOf(vectors(queryKind, seed + 100, queryCount))
        const inverse = metric === 'cosine' ? inverseNorms('f', 'vectors', data, dim) : undefined
        const rows = { data, count, dim, inverse }
        const blocks = smallBlocks()
        const found = scanFloat32('f', { ...rows, blocks }, queries, metric, k, filter)
        blocks.dispose()
        expect(found).toEqual(scanFloat32('f', rows, queries, metric, k, filter))
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('equals the plain scan of int8 rows to the bit', () => {
    fc.assert(
      fc.property(...anything, (kind, queryKind, metric, k, filter, seed) => {
        const { codes, scales } = quantizeInt8Rows(vectors(kind, seed, count), dim)
        const queries = queriesOf(vectors(queryKind, seed + 100, queryCount))
        const rows = { codes, scales, count, dim, squares: squaredCodes(codes, dim) }
        const blocks = smallBlocks()
        const found = scanInt8('f', { ...rows, blocks }, queries, metric, k, filter)
        blocks.dispose()
        expect(found).toEqual(scanInt8('f', rows, queries, metric, k, filter))
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('takes queries that float32 cannot hold', () => {
    const data = vectors('plain', 1, count)
    const blocks = smallBlocks()
    for (const size of [1e300, 1e100, 1e-50, 1e-200]) {
      const queries = queriesOf(vectors('plain', 2, queryCount)).map(query => query.map(x => x * size))
      for (const metric of ['dot', 'l2'] as const) {
        const found = scanFloat32('f', { data, count, dim, blocks }, queries, metric, 5)
        expect(found).toEqual(scanFloat32('f', { data, count, dim }, queries, metric, 5))
      }
    }
    blocks.dispose()
  })

  it('keeps ties in the order of rows over all blocks', () => {
    const data = new Float32Array(count * dim).fill(1)
    const queries = queriesOf(new Float32Array(queryCount * dim).fill(0.1))
    const blocks = smallBlocks()
    const rankings = scanFloat32('f', { data, count, dim, blocks }, queries, 'dot', 200)
    blocks.dispose()
    for (const { rows } of rankings) expect(rows).toEqual(Int32Array.from({ length: 200 }, (_, r) => r))
  })

  it('asks accept about few more rows than there are to find', () => {
    const data = vectors('plain', 3, count)
    const queries = queriesOf(vectors('plain', 4, queryCount))
    let asked = 0
    const blocks = smallBlocks()
    scanFloat32('f', { data, count, dim, blocks }, queries, 'dot', 5, () => ++asked > 0)
    blocks.dispose()
    expect(asked / queryCount).toBeLessThan(60)
  })
})

describe('isProductWork', () => {
  it('leaves what a plain scan does at once to it', () => {
    expect(isProductWork(1, 1000, 64)).toBe(false)
    expect(isProductWork(64, 1000, 64)).toBe(true)
  })
})
