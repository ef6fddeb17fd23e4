import { gradients, normal, randomKey, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { flopsLoss } from './flops-loss.ts'
import { spladePool } from './splade-pool.ts'

const [B, L, V] = [2, 3, 5]
const logits = normal(randomKey(16), [B, L, V])
const attentionMask = tensor([1, 1, 0, 1, 0, 0], { shape: [B, L], dtype: 'int32' })

/** The definition, with loops. */
function naive(pooling: 'max' | 'sum', mask: ArrayLike<number>): number[] {
  const x = logits.dataSync()
  const pooled = new Array<number>(B * V).fill(0)
  for (let b = 0; b < B; b++) {
    for (let i = 0; i < L; i++) {
      for (let v = 0; v < V; v++) {
        const weight = mask[b * L + i] * Math.log(1 + Math.max(0, x[(b * L + i) * V + v]))
        const place = b * V + v
        pooled[place] = pooling === 'max' ? Math.max(pooled[place], weight) : pooled[place] + weight
      }
    }
  }
  return pooled
}

describe('spladePool', () => {
  it('answers the example of its documentation', async () => {
    expect(
      await spladePool(
        tensor([
          [
            [0, -1],
            [2, -3],
          ],
        ]),
        null,
      ).data(),
    ).toEqual(Float32Array.of(Math.log(3), 0))
  })

  it.each(['max', 'sum'] as const)('equals the definition of %s', async pooling => {
    const masked = await spladePool(logits, attentionMask, { pooling }).data()
    const expected = naive(pooling, await attentionMask.data())
    for (const [n, value] of masked.entries()) expect(value).toBeCloseTo(expected[n], 5)
    const whole = await spladePool(logits, null, { pooling }).data()
    const unmasked = naive(pooling, new Array(B * L).fill(1))
    for (const [n, value] of whole.entries()) expect(value).toBeCloseTo(unmasked[n], 5)
  })

  it('sends no gradient to padding or to negative logits', async () => {
    const [gradient] = gradients(spladePool(logits, attentionMask, { pooling: 'sum' }).sum(), [logits])
    const x = await logits.data()
    const mask = await attentionMask.data()
    for (const [n, value] of (await gradient.data()).entries()) {
      const expected = mask[Math.floor(n / V)] === 1 && x[n] > 0 ? 1 / (1 + x[n]) : 0
      expect(value).toBeCloseTo(expected, 5)
    }
  })

  it('takes a bool mask', async () => {
    expect(await spladePool(logits, attentionMask.cast('bool')).data()).toEqual(
      await spladePool(logits, attentionMask).data(),
    )
  })

  it('names what is wrong', () => {
    expect(() => spladePool(tensor([1]), null)).toThrow('spladePool: logits must be a tensor [B, L, V], got shape [1]')
    expect(() => spladePool(logits, tensor([[1]]))).toThrow(
      'spladePool: attentionMask must have shape [2, 3], got [1, 1]',
    )
    expect(() => spladePool(logits, null, { pooling: 'mean' as 'max' })).toThrow(
      'spladePool: pooling must be one of max, sum, got mean',
    )
  })
})

describe('flopsLoss', () => {
  it('answers the example of its documentation', async () => {
    expect(
      await flopsLoss(
        tensor([
          [1, 0],
          [3, 0],
        ]),
      ).item(),
    ).toBe(4)
  })

  it('equals the definition, signs aside', async () => {
    const weights = normal(randomKey(17), [4, 6])
    const w = await weights.data()
    let expected = 0
    for (let v = 0; v < 6; v++) {
      const mean = [0, 1, 2, 3].reduce((sum, b) => sum + Math.abs(w[b * 6 + v]), 0) / 4
      expected += mean * mean
    }
    expect(await flopsLoss(weights).item()).toBeCloseTo(expected, 4)
    expect(await flopsLoss(weights.neg()).item()).toBeCloseTo(expected, 4)
  })

  it('pushes every activation towards 0, frequent ones more', async () => {
    const weights = tensor([
      [1, 1],
      [1, 0],
    ])
    const [gradient] = gradients(flopsLoss(weights), [weights])
    expect([...(await gradient.data())]).toEqual([1, 0.5, 1, 0])
  })

  it('names what is wrong', () => {
    expect(() => flopsLoss(tensor([1]))).toThrow('flopsLoss: weights must be a tensor [B, V], got shape [1]')
    expect(() => flopsLoss(tensor([[1]], { dtype: 'int32' }))).toThrow('flopsLoss: weights must be float32, got int32')
  })
})
