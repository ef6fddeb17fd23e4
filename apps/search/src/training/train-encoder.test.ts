import { describe, expect, it } from 'vitest'
import { encodeTexts } from '../model/encode-texts.ts'
import type { TextEncoder } from '../model/text-encoder.ts'
import { topicOf, topicTokenizer, topicTokens } from './corpus-for-tests.ts'
import { distillEncoder } from './distill-encoder.ts'
import { type TrainingOptions, trainEncoder } from './train-encoder.ts'

const all = topicTokens.texts.map((_, i) => i)
const defaults = {
  vocabSize: topicTokenizer.vocabSize,
  dim: 16,
  hidden: 0,
  steps: 40,
  batchSize: 24,
  lr: 2e-2,
  temperature: 0.1,
  seed: 0,
}

async function train(options: Partial<TrainingOptions> = {}) {
  const losses: number[] = []
  const rates: number[] = []
  const encoder = await trainEncoder(topicTokens, all, {
    ...defaults,
    onStep: (_step, loss, rate) => {
      losses.push(loss)
      rates.push(rate)
    },
    ...options,
  })
  return { encoder, losses, rates }
}

/** How much nearer texts of one topic are than texts of two. */
async function separation(encoder: TextEncoder): Promise<number> {
  const vectors = await encodeTexts(encoder, topicTokens.texts)
  const { dim } = encoder
  const cosine = (i: number, j: number): number => {
    let sum = 0
    for (let d = 0; d < dim; d++) sum += vectors[i * dim + d] * vectors[j * dim + d]
    return sum
  }
  const mean = (same: boolean): number => {
    const pairs = all.flatMap(i =>
      all.filter(j => i < j && (topicOf(i) === topicOf(j)) === same).map(j => cosine(i, j)),
    )
    return pairs.reduce((sum, value) => sum + value, 0) / pairs.length
  }
  return mean(true) - mean(false)
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

describe('trainEncoder', () => {
  it.each([0, 8])('lowers the loss and brings texts of a topic together (hidden %d)', async hidden => {
    const { encoder: untrained } = await train({ steps: 0, hidden })
    const { encoder, losses, rates } = await train({ hidden })
    expect(losses).toHaveLength(40)
    expect(mean(losses.slice(-8))).toBeLessThan(0.8 * mean(losses.slice(0, 4)))
    expect(rates.at(-1)).toBeLessThan(Math.max(...rates) / 10)
    expect(await separation(encoder)).toBeGreaterThan((await separation(untrained)) + 0.1)
  })

  it('is the same for the same seed, and another for another', async () => {
    const [first, again, other] = [
      await train({ steps: 3 }),
      await train({ steps: 3 }),
      await train({ steps: 3, seed: 1 }),
    ]
    expect(again.losses).toEqual(first.losses)
    expect(await again.encoder.embeddings.value.data()).toEqual(await first.encoder.embeddings.value.data())
    expect(other.losses).not.toEqual(first.losses)
  })

  it('ends after the step in which it is told to', async () => {
    const controller = new AbortController()
    let steps = 0
    await train({
      signal: controller.signal,
      onStep: () => {
        steps += 1
        if (steps === 2) controller.abort()
      },
    })
    expect(steps).toBe(2)
  })

  it('ends with what the callback throws', async () => {
    const stop = new Error('enough')
    await expect(train({ onStep: () => Promise.reject(stop) })).rejects.toBe(stop)
  })

  it('trains on a single document without harm', async () => {
    const losses: number[] = []
    const options = { ...defaults, steps: 3, onStep: (_: number, loss: number) => void losses.push(loss) }
    const encoder = await trainEncoder(topicTokens, [4], options)
    expect(losses.every(Number.isFinite)).toBe(true)
    expect((await encoder.embeddings.value.data()).every(Number.isFinite)).toBe(true)
  })
})

describe('distillEncoder', () => {
  const options = { dim: 6, steps: 20, batchSize: 24, lr: 5e-3, temperature: 0.1, seed: 0 }

  it('keeps most of what the teacher tells apart in fewer dimensions', async () => {
    const { encoder: teacher } = await train()
    const losses: number[] = []
    const student = await distillEncoder(teacher, topicTokens, all, {
      ...options,
      onStep: (_step, loss) => void losses.push(loss),
    })
    expect(student.embeddings.shape).toEqual([topicTokenizer.vocabSize, 6])
    expect(losses).toHaveLength(20)
    expect(losses.every(Number.isFinite)).toBe(true)
    expect(await separation(student)).toBeGreaterThan(0.7 * (await separation(teacher)))
  })

  it('is the teacher itself with all of its dimensions and no training', async () => {
    const { encoder: teacher } = await train({ steps: 5 })
    const student = await distillEncoder(teacher, topicTokens, all, {
      ...options,
      dim: 16,
      steps: 0,
      onStep: () => undefined,
    })
    expect(await separation(student)).toBeCloseTo(await separation(teacher), 3)
  })

  it('ends after the step in which it is told to', async () => {
    const { encoder: teacher } = await train({ steps: 0 })
    const controller = new AbortController()
    let steps = 0
    await distillEncoder(teacher, topicTokens, all, {
      ...options,
      signal: controller.signal,
      onStep: () => {
        steps += 1
        controller.abort()
      },
    })
    expect(steps).toBe(1)
  })
})
