import { gradients, Parameter } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { HostRandom } from './host-random.ts'
import { skipGramNegativeSamplingLoss } from './skip-gram.ts'
import { Word2Vec } from './word2vec.ts'

/** Sentences of words 0-4 or of words 5-9, never both. */
function twoTopics(sentences: number): Int32Array[] {
  const random = new HostRandom(8)
  return Array.from({ length: sentences }, (_, i) =>
    Int32Array.from({ length: 12 }, () => random.below(5) + 5 * (i % 2)),
  )
}

describe('Word2Vec', () => {
  it.each(['skipGram', 'cbow'] as const)('puts words that stand together near to each other, by %s', async variant => {
    const model = new Word2Vec({ vocabularySize: 10, dim: 8, key: 1 })
    const fit = (epochs: number) => model.fit(twoTopics(200), { lr: 0.1, epochs, threshold: 1, variant })
    const first = await fit(1)
    expect(await fit(6)).toBeLessThan(first)
    for (const id of [0, 4, 5, 9]) {
      const { ids, similarities } = await model.nearest(id, 4)
      expect(ids.every(other => other < 5 === id < 5 && other !== id)).toBe(true)
      expect([...similarities].sort((a, b) => b - a)).toEqual(similarities)
    }
  })

  it('makes the step of the loss that it is said to follow', async () => {
    const model = new Word2Vec({ vocabularySize: 2, dim: 3, key: 4 })
    await model.fit([Int32Array.of(0, 1, 1)], { lr: 0.5, threshold: 1e9 })
    const [input, output] = [model.input, model.output].map(cell => new Parameter(cell.value))
    await model.fit([Int32Array.of(0, 1)], { lr: 0.1, window: 1, negatives: 1, threshold: 1e9 })
    const step = (from: number, to: number): void => {
      const row = (table: Parameter, id: number) => table.value.slice(0, { start: id, end: id + 1 })
      const loss = skipGramNegativeSamplingLoss(row(input, from), row(output, to), row(output, 1 - to).unsqueeze(0))
      const grads = gradients(loss, [input, output])
      for (const [i, table] of [input, output].entries()) table.assign(table.value.sub(grads[i].mul(0.1)))
    }
    step(0, 1)
    step(1, 0)
    for (const [table, cell] of [
      [input, model.input],
      [output, model.output],
    ])
      Array.from(table.value.dataSync()).forEach((value, i) => {
        expect(cell.value.dataSync()[i]).toBeCloseTo(value, 5)
      })
  })

  it('is the same for a seed, and leaves out words that are rare', async () => {
    const run = async (seed: number, minCount = 1): Promise<number[]> => {
      const model = new Word2Vec({ vocabularySize: 11, dim: 4, key: 1 })
      await model.fit([...twoTopics(10), Int32Array.of(10, 1)], { seed, minCount })
      return Array.from(await model.input.value.data())
    }
    expect(await run(1)).toEqual(await run(1))
    expect(await run(2)).not.toEqual(await run(1))
    const untouched = Array.from(await new Word2Vec({ vocabularySize: 11, dim: 4, key: 1 }).input.value.data())
    expect((await run(1, 2)).slice(40)).toEqual(untouched.slice(40))
    expect((await run(1)).slice(40)).not.toEqual(untouched.slice(40))
  })

  it('stops by its signal', async () => {
    const model = new Word2Vec({ vocabularySize: 10, dim: 4, key: 1 })
    const before = Array.from(await model.input.value.data())
    expect(await model.fit(twoTopics(5), { signal: AbortSignal.abort() })).toBe(0)
    expect(Array.from(await model.input.value.data())).toEqual(before)
    expect(model.forward(model.output.value.argmax({ dim: 1 })).shape).toEqual([10, 4])
  })

  it('refuses wrong texts, options and words', async () => {
    expect(() => new Word2Vec({ vocabularySize: 1, key: 0 })).toThrow(
      'Word2Vec: vocabularySize must be a whole number from 2, got 1',
    )
    const model = new Word2Vec({ vocabularySize: 3, key: 0 })
    await expect(model.fit([Int32Array.of(0, 3)])).rejects.toThrow('Word2Vec: corpus must hold ids from 0 to 2, got 3')
    await expect(model.fit([Int32Array.of(0, 1, 1)], { minCount: 2 })).rejects.toThrow(
      'Word2Vec: corpus must have two words with minCount 2, got 1',
    )
    await expect(model.fit([], {})).rejects.toThrow('Word2Vec: corpus must have two words with minCount 1, got 0')
    await expect(model.fit([Int32Array.of(0, 1)], { window: 0 })).rejects.toThrow(
      'Word2Vec: window must be a whole number from 1, got 0',
    )
    await expect(model.fit([Int32Array.of(0, 1)], { variant: 'x' as never })).rejects.toThrow(
      'Word2Vec: variant must be one of skipGram, cbow, got x',
    )
    await expect(model.nearest(3, 1)).rejects.toThrow('Word2Vec: id must be from 0 to 2, got 3')
    await expect(model.nearest(0, 0)).rejects.toThrow('Word2Vec: k must be a whole number from 1, got 0')
  })
})
