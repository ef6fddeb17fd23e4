import { compile, gradients, normal, randomKey, type Tensor, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { maxSim } from './max-sim.ts'

const [Q, i, N, j, d] = [2, 3, 4, 5, 6]
const queries = normal(randomKey(13), [Q, i, d])
const documents = normal(randomKey(14), [N, j, d])
const queryMask = tensor([1, 1, 0, 1, 0, 0], { shape: [Q, i], dtype: 'int32' })
const documentMask = tensor(
  Array.from({ length: N * j }, (_, n) => n % j <= Math.floor(n / j)),
  { shape: [N, j] },
)

/** The definition, with loops. */
function naive(useMasks: boolean): number[] {
  const [q, x, qm, dm] = [queries, documents, queryMask, documentMask].map(t => t.dataSync())
  const scores: number[] = []
  for (let a = 0; a < Q; a++) {
    for (let b = 0; b < N; b++) {
      let score = 0
      for (let s = 0; s < i; s++) {
        if (useMasks && qm[a * i + s] === 0) continue
        let best = -Infinity
        for (let t = 0; t < j; t++) {
          if (useMasks && dm[b * j + t] === 0) continue
          let sum = 0
          for (let e = 0; e < d; e++) sum += q[(a * i + s) * d + e] * x[(b * j + t) * d + e]
          best = Math.max(best, sum)
        }
        score += best
      }
      scores.push(score)
    }
  }
  return scores
}

async function expectClose(found: ReturnType<typeof maxSim>, expected: number[]): Promise<void> {
  expect(found.shape).toEqual([Q, N])
  for (const [n, value] of [...(await found.data())].entries()) expect(value).toBeCloseTo(expected[n], 4)
}

describe('maxSim', () => {
  it('answers the example of its documentation', async () => {
    expect(
      await maxSim(
        tensor([[[1, 0]]]),
        tensor([
          [
            [0.5, 1],
            [2, 0],
          ],
        ]),
      ).data(),
    ).toEqual(Float32Array.of(2))
  })

  it('equals the definition with masks', async () => {
    await expectClose(maxSim(queries, documents, queryMask, documentMask), naive(true))
  })

  it('counts every token without masks, in every way of leaving them out', async () => {
    await expectClose(maxSim(queries, documents), naive(false))
    await expectClose(maxSim(queries, documents, null, null), naive(false))
    await expectClose(maxSim(queries, documents, {}), naive(false))
    await expectClose(maxSim(queries, documents, null, {}), naive(false))
  })

  it('sends the gradient to the first of equal tokens', async () => {
    const query = tensor([[[1, 2]]])
    const document = tensor([
      [
        [3, 1],
        [3, 1],
        [0, 0],
      ],
    ])
    const [dq, dd] = gradients(maxSim(query, document).sum(), [query, document])
    expect([...(await dq.data())]).toEqual([3, 1])
    expect([...(await dd.data())]).toEqual([1, 2, 0, 0, 0, 0])
  })

  it('sends no gradient to masked tokens', async () => {
    const [dq, dd] = gradients(maxSim(queries, documents, queryMask, documentMask).sum(), [queries, documents])
    const masked = (gradient: ArrayLike<number>, mask: ArrayLike<number>) =>
      Array.from(gradient).filter((_, n) => mask[Math.floor(n / d)] === 0)
    expect(new Set(masked(await dq.data(), await queryMask.data()).map(Math.abs))).toEqual(new Set([0]))
    expect(new Set(masked(await dd.data(), await documentMask.data()).map(Math.abs))).toEqual(new Set([0]))
  })

  it('scores a query without tokens 0', async () => {
    const none = tensor([0, 0, 0, 1, 1, 1], { shape: [Q, i], dtype: 'int32' })
    expect([...(await maxSim(queries, documents, none).data())].slice(0, N)).toEqual([0, 0, 0, 0])
  })

  it('refuses a document without tokens', () => {
    const mask = tensor([1, 1, 0, 0], { shape: [2, 2], dtype: 'int32' })
    const two = normal(randomKey(15), [2, 2, d])
    expect(() => maxSim(queries, two, null, mask)).toThrow('maxSim: document 1 must have at least one token, got none')
    expect(() => maxSim(queries, tensor([], { shape: [1, 0, d] }))).toThrow(
      'maxSim: document 0 must have at least one token, got none',
    )
  })

  it('looks at a mask that only a read gives when it is read', () => {
    const two = normal(randomKey(15), [2, 2, d])
    const scores = compile((mask: Tensor) => maxSim(queries, two, null, mask))
    const int = (values: number[]) => tensor(values, { shape: [2, 2], dtype: 'int32' })
    expect(scores(int([1, 0, 2, 0])).dataSync()).toEqual(maxSim(queries, two, null, int([1, 0, 1, 0])).dataSync())
    expect(() => scores(int([1, 1, 0, 0])).dataSync()).toThrow(
      'maxSim: document 1 must have at least one token, got none',
    )
  })

  it('names what is wrong', () => {
    expect(() => maxSim(tensor([1]), documents)).toThrow('maxSim: queries must be a tensor [Q, i, d], got shape [1]')
    expect(() => maxSim(normal(randomKey(1), [1, 2, 3]), documents)).toThrow(
      'maxSim: dimension 3 of queries != 6 of documents',
    )
    expect(() => maxSim(queries, documents, documentMask)).toThrow(
      'maxSim: queryMask must have shape [2, 3], got [4, 5]',
    )
    expect(() => maxSim(queries, documents, null, queryMask)).toThrow(
      'maxSim: documentMask must have shape [4, 5], got [2, 3]',
    )
    expect(() => maxSim(queries, documents.cast('int32'))).toThrow('maxSim: documents must be float32, got int32')
  })
})
