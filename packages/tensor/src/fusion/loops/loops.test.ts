import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import {
  arange,
  explain,
  gradients,
  memory,
  normal,
  randomKey,
  realize,
  setExecutor,
  setThreads,
  type Tensor,
  tensor,
  where,
} from '../../index.ts'
import { registerReference } from '../../reference.ts'
import { setLoopLimits } from '../../runtime.ts'

const leaf = (shape: readonly number[], seed: number): Tensor => {
  const x = normal(randomKey(seed), shape)
  x.dataSync()
  return x
}

/** Small values count as large, and a turn of a loop has few rows. */
const small = { largeBytes: 256, blockBytes: 512, fewestRows: 2 }

interface Sizes {
  readonly batch: number
  readonly heads: number
  readonly length: number
  readonly width: number
}

const heads = (x: Tensor, { batch, heads, length, width }: Sizes) =>
  x.reshape([batch, length, heads, width]).permute([0, 2, 1, 3])

function attention([q, k, v]: readonly Tensor[], sizes: Sizes): Tensor {
  const places = arange(sizes.length)
  const scores = heads(q, sizes).matmul(heads(k, sizes).transpose(2, 3)).mul(0.3)
  const causal = where(places.unsqueeze(1).greaterEqual(places), scores, Number.NEGATIVE_INFINITY)
  const { batch, heads: count, length, width } = sizes
  return causal
    .softmax({ dim: -1 })
    .matmul(heads(v, sizes))
    .permute([0, 2, 1, 3])
    .reshape([batch, length, count * width])
}

const crossEntropy = (x: Tensor, weight: Tensor, target: Tensor): Tensor =>
  x.matmul(weight.transpose(0, 1)).logSoftmax({ dim: 1 }).gather(1, target.unsqueeze(1)).mean().neg()

const targetsOf = (rows: number, classes: number): Tensor =>
  tensor(
    Int32Array.from({ length: rows }, (_, i) => (7919 * i) % classes),
    { shape: [rows], dtype: 'int32' },
  )

async function read(build: () => Tensor[]): Promise<Float32Array[]> {
  const results = build()
  await realize(results)
  return Promise.all(results.map(async result => (await result.data()) as Float32Array))
}

/** The largest difference of two lists of results, as a part of the largest value of each. */
function difference(got: readonly Float32Array[], expected: readonly Float32Array[]): number {
  let worst = 0
  expected.forEach((values, i) => {
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30)
    values.forEach((value, at) => {
      worst = Math.max(worst, Math.abs(got[i][at] - value) / largest)
    })
  })
  return worst
}

const loopsIn = (results: readonly Tensor[]): number =>
  explain(...results).groups.filter(({ kind }) => kind === 'loop').length

registerReference()
afterEach(() => {
  setExecutor('wasm')
  setLoopLimits(null)
  setThreads(1)
})

describe('attention', () => {
  const sizes = { batch: 2, heads: 3, length: 21, width: 4 }
  const shape = [sizes.batch, sizes.length, sizes.heads * sizes.width]
  const operands = [1, 2, 3].map(seed => leaf(shape, seed))
  const weights = leaf(shape, 4)
  const build = (): Tensor[] => {
    const result = attention(operands, sizes)
    return [result, ...gradients(result.mul(result).mul(weights).sum(), operands)]
  }

  it('is a loop forward and another one backward, which computes the scores again', async () => {
    const whole = await read(build)
    setLoopLimits({ ...small, largeBytes: 4096 })
    const { groups } = explain(...build())
    const loops = groups.filter(({ kind }) => kind === 'loop')
    expect(loops).toHaveLength(2)
    const [forward, backward] = loops.map(({ ops }) => ops)
    expect(forward.filter(name => name === 'exp')).toHaveLength(1)
    expect(backward.filter(name => name === 'exp')).toHaveLength(1)
    expect(difference(await read(build), whole)).toBeLessThan(1e-5)
  })

  it('with any sizes, in blocks that do not come out even, agrees with plain loops', async () => {
    const size = fc.integer({ min: 1, max: 13 })
    const limits = fc.record({
      largeBytes: fc.constantFrom(0, 64, 300),
      blockBytes: fc.constantFrom(1, 100, 1000),
      fewestRows: fc.constantFrom(1, 3),
    })
    await fc.assert(
      fc.asyncProperty(fc.record({ batch: size, heads: size, length: size, width: size }), limits, async (any, few) => {
        const own = [5, 6, 7].map(seed => leaf([any.batch, any.length, any.heads * any.width], seed))
        const program = (): Tensor[] => {
          const result = attention(own, any)
          return [result, ...gradients(result.square().sum(), own)]
        }
        setExecutor('wasm')
        setLoopLimits(few)
        const got = await read(program)
        setExecutor('reference')
        expect(difference(got, await read(program))).toBeLessThan(1e-5)
      }),
      { numRuns: 25, seed: 1 },
    )
  })

  it('gives the same bits on several threads', async () => {
    setLoopLimits(small)
    const one = await read(build)
    setThreads(2, { eager: true })
    expect(await read(build)).toEqual(one)
  })

  it('needs memory in proportion to the length', () => {
    const bytesAt = (length: number): number => {
      const long = { batch: 1, heads: 8, length, width: 8 }
      const own = [1, 2, 3].map(seed => leaf([1, length, 64], seed))
      return explain(attention(own, long)).temporaryBytes
    }
    expect(bytesAt(2048)).toBeLessThan(2.2 * bytesAt(1024))
    expect(bytesAt(2048)).toBeLessThan(8 * 2048 * 2048)
  })
})

describe('cross-entropy of a linear layer', () => {
  const [rows, width, classes] = [37, 5, 50]
  const x = leaf([rows, width], 1)
  const weight = leaf([classes, width], 2)
  const target = targetsOf(rows, classes)
  const build = (): Tensor[] => {
    const loss = crossEntropy(x, weight, target)
    return [loss, ...gradients(loss, [x, weight])]
  }

  it('is one loop with both gradients', async () => {
    const whole = await read(build)
    setLoopLimits(small)
    expect(loopsIn(build())).toBe(1)
    expect(difference(await read(build), whole)).toBeLessThan(1e-5)
  })

  it('computes the logits once, whatever the depth', () => {
    setLoopLimits({ ...small, fewestRows: 1 })
    const deep = leaf([rows, 300], 3)
    const wide = leaf([classes, 300], 4)
    const loss = crossEntropy(deep, wide, target)
    const { groups } = explain(loss, ...gradients(loss, [deep, wide]))
    expect(groups.flatMap(({ ops }) => ops).filter(name => name === 'max')).toHaveLength(1)
  })

  it('reads of what is kept whole all of it', async () => {
    setLoopLimits({ largeBytes: 8, blockBytes: 64, fewestRows: 1 })
    const column = tensor([1, 1, 0], { shape: [3, 1] }).add(0)
    const chosen = column
      .round()
      .linear(column)
      .gather(1, tensor([[1], [2], [0]], { dtype: 'int32' }))
    await realize(chosen, column)
    expect(Array.from(await chosen.data())).toEqual([1, 0, 0])
  })

  it('never holds the logits, and counts what it holds', async () => {
    const [many, vocabulary] = [256, 20_000]
    const large = leaf([many, 8], 5)
    const words = leaf([vocabulary, 8], 6)
    const ids = targetsOf(many, vocabulary)
    ids.dataSync()
    const { live } = memory()
    const loss = crossEntropy(large, words, ids)
    await realize(loss, ...gradients(loss, [large, words]))
    expect(memory().peak - live).toBeGreaterThan(4 * 64 * vocabulary)
    expect(memory().peak - live).toBeLessThan(0.7 * 4 * many * vocabulary)
  })

  it('names a class that is out of range', () => {
    setLoopLimits(small)
    const wrong = tensor(
      Int32Array.from({ length: rows }, (_, i) => (i === 30 ? classes : 0)),
      { dtype: 'int32' },
    )
    expect(() => crossEntropy(x, weight, wrong).itemSync()).toThrow(/gather: index 50 is out of range for dim 1/)
  })
})

describe('loops', () => {
  it('are not formed around values that are asked for, or small', () => {
    const scores = leaf([40, 4], 1).matmul(leaf([4, 40], 2))
    const chosen = scores.softmax({ dim: 1 }).matmul(leaf([40, 3], 3))
    expect(loopsIn([chosen])).toBe(0)
    setLoopLimits(small)
    expect(loopsIn([chosen])).toBe(1)
    expect(loopsIn([chosen, scores])).toBe(1)
    expect(loopsIn([chosen, scores, scores.softmax({ dim: 1 })])).toBe(0)
  })

  it('take fewer rows, but one at least, where a value would have more bytes in a turn than it may', () => {
    const scores = leaf([40, 4], 1).matmul(leaf([4, 40], 2))
    const chosen = scores.softmax({ dim: 1 }).matmul(leaf([40, 3], 3))
    const row = 4 * 40
    const bytesWith = (limits: { readonly mostBytes?: number }): number => {
      setLoopLimits({ ...small, fewestRows: 20, ...limits })
      expect(loopsIn([chosen])).toBe(1)
      return explain(chosen).temporaryBytes
    }
    expect(bytesWith({})).toBeGreaterThanOrEqual(20 * row)
    expect(bytesWith({ mostBytes: 5 * row + 1 })).toBeGreaterThanOrEqual(5 * row)
    expect(bytesWith({ mostBytes: 5 * row + 1 })).toBeLessThan(15 * row)
    expect(bytesWith({ mostBytes: 1 })).toBeLessThan(5 * row)
  })

  it('do not compute deep products again', () => {
    setLoopLimits(small)
    const w = [1, 2].map(seed => leaf([200, 200], seed))
    const hidden = leaf([32, 200], 3).matmul(w[0]).gelu()
    const loss = hidden.matmul(w[1]).square().sum()
    const { groups } = explain(...gradients(loss, w))
    const products = groups.filter(({ kind }) => kind === 'contract' || kind === 'loop')
    expect(products.flatMap(({ ops }) => ops).filter(name => name === 'erf').length).toBeLessThanOrEqual(1)
  })

  it('leave random numbers whole, which rows alone could not tell apart', async () => {
    setLoopLimits(small)
    const scores = leaf([16, 4], 1).matmul(leaf([4, 16], 2))
    const build = () => [scores.mul(normal(randomKey(9), [16, 16])).matmul(leaf([16, 3], 3))]
    const got = await read(build)
    setExecutor('reference')
    expect(difference(got, await read(build))).toBeLessThan(1e-5)
  })
})
