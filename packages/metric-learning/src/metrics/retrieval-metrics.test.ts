import { normal, type Tensor, tensor } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meanAveragePrecision } from './mean-average-precision.ts'
import { meanAveragePrecisionAtR } from './mean-average-precision-at-r.ts'
import { meanReciprocalRank } from './mean-reciprocal-rank.ts'
import { precisionAtK } from './precision-at-k.ts'
import { rPrecision } from './r-precision.ts'
import { recallAtK } from './recall-at-k.ts'

const ids = (data: number[]): Tensor => tensor(data, { dtype: 'int32' })
const line = { distance: { type: 'lp', normalize: false } } as const

/** A query at 0 whose ranking is the reference in order: relevant, other, relevant, other, relevant. */
const query = tensor([[0]])
const reference = tensor([[1], [2], [3], [4], [5]])
const relevance = ids([1, 0, 1, 0, 1])
const ranked = [query, ids([1]), reference, relevance] as const

describe('retrieval metrics', () => {
  it('have their textbook values', async () => {
    expect(await recallAtK(...ranked, { ...line, k: 1 })).toBe(1)
    expect(await precisionAtK(...ranked, { ...line, k: 2 })).toBe(0.5)
    expect(await precisionAtK(...ranked, { ...line, k: 10 })).toBe(0.3)
    expect(await rPrecision(...ranked, line)).toBeCloseTo(2 / 3, 12)
    expect(await meanAveragePrecisionAtR(...ranked, line)).toBeCloseTo((1 + 2 / 3) / 3, 12)
    expect(await meanAveragePrecision(...ranked, line)).toBeCloseTo((1 + 2 / 3 + 3 / 5) / 3, 12)
    expect(await meanReciprocalRank(...ranked, line)).toBe(1)
  })

  it('see a late first hit', async () => {
    const late = [query, ids([1]), reference, ids([0, 0, 0, 1, 0])] as const
    expect(await recallAtK(...late, { ...line, k: 3 })).toBe(0)
    expect(await recallAtK(...late, { ...line, k: 4 })).toBe(1)
    expect(await meanReciprocalRank(...late, line)).toBe(1 / 4)
    expect(await meanAveragePrecisionAtR(...late, line)).toBe(0)
  })

  it('rank the others when there is no reference, and drop queries with nothing to find', async () => {
    const points = tensor([[0], [1], [3], [100]])
    expect(await recallAtK(points, ids([5, 5, 6, 7]), line)).toBe(1)
    expect(await recallAtK(points, ids([5, 6, 5, 7]), line)).toBe(0)
    expect(await recallAtK(points, ids([1, 2, 3, 4]), line)).toBeNaN()
    expect(await recallAtK(points, ids([5, 6, 5, 7]), null, null, { ...line, k: 2 })).toBe(1)
  })

  it('break ties by order of the reference', async () => {
    const same = tensor([[1], [1], [1]])
    const options = { ...line, k: 1 }
    expect(await recallAtK(query, ids([1]), same, ids([1, 0, 0]), options)).toBe(1)
    expect(await recallAtK(query, ids([1]), same, ids([0, 1, 1]), options)).toBe(0)
  })

  it('rank by similarity, largest first, by default', async () => {
    const toward = [
      tensor([[1, 1]]),
      ids([1]),
      tensor([
        [-9, -9],
        [0.1, 0.1],
      ]),
      ids([0, 1]),
    ] as const
    expect(await recallAtK(...toward)).toBe(1)
    expect(await recallAtK(...toward, line)).toBe(1)
    expect(
      await recallAtK(
        tensor([[1, 1]]),
        ids([1]),
        tensor([
          [0, 1],
          [50, 51],
        ]),
        ids([0, 1]),
      ),
    ).toBe(1)
  })

  it('show NaN embeddings instead of ranking them', async () => {
    expect(await meanAveragePrecision(tensor([[1], [Number.NaN], [2]]), ids([0, 0, 0]))).toBeNaN()
  })

  it('agree with counting in loops', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 9 }), fc.nat(99), async (n, seed) => {
        const points = tensor(normal(seed, [n, 3]).dataSync(), { shape: [n, 3] })
        const labels = Array.from({ length: n }, (_, i) => (i * i + seed) % 3)
        const rows = Array.from({ length: n }, (_, i) => Array.from(points.select(0, i).dataSync()))
        let [hits, queries] = [0, 0]
        rows.forEach((a, i) => {
          const others = rows
            .map((b, j) => ({ j, d: Math.hypot(...a.map((x, k) => x - b[k])) }))
            .filter(({ j }) => j !== i)
          others.sort((x, y) => x.d - y.d)
          if (!others.some(({ j }) => labels[j] === labels[i])) return
          queries += 1
          hits += others.slice(0, 2).filter(({ j }) => labels[j] === labels[i]).length / 2
        })
        const got = await precisionAtK(points, ids(labels), { ...line, k: 2 })
        expect(got).toEqual(queries ? expect.closeTo(hits / queries, 10) : Number.NaN)
      }),
      { numRuns: 30, seed: 7 },
    )
  })

  it('work through large sets block by block', async () => {
    const [size, width] = [120, 50_000]
    const entries = Float32Array.from({ length: size * width }, (_, i) => Math.sin(i * i * 0.001))
    const points = tensor(entries, { shape: [size, width] })
    const labels = ids(Array.from({ length: size }, (_, i) => i))
    // Three blocks of two: every query finds itself in a reference that it is part of.
    expect(await recallAtK(points.narrow(0, 0, 6), labels.narrow(0, 0, 6), points, labels)).toBe(1)
  })

  it('refuse what they cannot use, and say what they got', async () => {
    const points = tensor([[0], [1]])
    const rejects = (result: Promise<number>, message: string) => expect(result).rejects.toThrow(message)
    await rejects(
      recallAtK(points, ids([1])),
      'recallAtK: labels must have one entry for each row of embeddings, got 1 for 2',
    )
    await rejects(recallAtK(points, ids([1, 2]), { k: 0 }), 'recallAtK: k must be an integer of at least 1, got 0')
    await rejects(
      precisionAtK(points, ids([1, 2]), { k: 1.5 }),
      'precisionAtK: k must be an integer of at least 1, got 1.5',
    )
    await rejects(rPrecision(points, tensor([1, 2])), 'rPrecision: labels must be integers, got float32')
    await rejects(meanAveragePrecision(ids([1]), ids([1])), 'meanAveragePrecision: embeddings must be float, got int32')
    await rejects(
      meanReciprocalRank(points, ids([1, 2]), points, null),
      'reference and referenceLabels must be given together',
    )
    await rejects(
      meanReciprocalRank(points, ids([1, 2]), points, ids([1])),
      'referenceLabels must have one entry for each row of reference',
    )
    await rejects(
      meanAveragePrecisionAtR(points, ids([1, 2]), { distance: 'l2' as 'lp' }),
      'distance must be one of lp|cosine|dot|snr',
    )
  })
})
