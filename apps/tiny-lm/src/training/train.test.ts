import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from '@surprisal/nn'
import { tensor } from '@surprisal/tensor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readModel } from '../model/model-folder.ts'
import { endOfText, splitTexts, toStream } from '../text/token-stream.ts'
import { evaluate } from './evaluate.ts'
import { type TrainOptions, train } from './train.ts'

const config = {
  vocabSize: 300,
  hiddenSize: 16,
  numHiddenLayers: 1,
  numAttentionHeads: 2,
  intermediateSize: 48,
  maxPositionEmbeddings: 64,
  tieWordEmbeddings: true,
}
const preset = { config, context: 16, batch: 4, steps: 12, lr: 1e-2 }
const words = ['the', 'cat', 'sat', 'on', 'a', 'mat', 'and', 'slept', 'for', 'hours']
const documents = Array.from({ length: 100 }, (_, i) =>
  Array.from({ length: 12 }, (_, j) => words[(i * 7 + j * j) % words.length]).join(' '),
)

let folder: string
const at = (name: string): string => join(folder, name)
const run = (name: string, more: Partial<TrainOptions> = {}) =>
  train({
    documents,
    preset,
    seed: 1,
    folder: at(name),
    resume: false,
    say: () => {},
    progress: () => {},
    evaluated: () => {},
    ...more,
  })

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'surprisal-lm-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('train', () => {
  it('learns, evaluates on texts not seen and writes a model', async () => {
    const lines: string[] = []
    const seen: number[] = []
    const { fit, evaluation, parameters } = await run('whole', {
      say: line => lines.push(line),
      evaluated: step => seen.push(step),
    })
    expect(fit.reason).toBe('done')
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(lines.join('\n')).toMatch(/100 texts, [\d,]+ tokens/)
    expect(parameters).toBeGreaterThan(1000)
    const { model, tokenizer } = await readModel(at('whole'))
    const stream = toStream(splitTexts(documents).validation, tokenizer)
    const again = await evaluate(model, stream, { context: preset.context })
    expect(again.natsPerCharacter).toBeCloseTo(evaluation?.natsPerCharacter as number, 5)
    expect(again.natsPerToken).toBeLessThan(Math.log(tokenizer.vocabSize))
    expect(again.bitsPerByte).toBeCloseTo(again.natsPerCharacter / Math.LN2, 5)
    const end = tokenizer.tokenToId(endOfText) as number
    const { sequences } = await generate(model, [[end]], { maxNewTokens: 5, eosTokenId: end })
    expect(typeof tokenizer.decode(sequences[0])).toBe('string')
  })

  it('goes on to the very same weights after it was stopped', async () => {
    const stop = new AbortController()
    const stopped = await run('stopped', {
      signal: stop.signal,
      progress: ({ step }) => {
        if (step === 5) stop.abort()
      },
    })
    expect(stopped.fit).toMatchObject({ reason: 'aborted', step: 5 })
    expect(stopped.evaluation).toBeNull()
    const resumed = await run('stopped', { resume: true })
    expect(resumed.fit).toMatchObject({ reason: 'done', resumedFrom: 5, step: 12 })
    const [a, b] = ['whole', 'stopped'].map(name => readFileSync(join(at(name), 'model.safetensors')))
    expect(a.equals(b)).toBe(true)
  })

  it('refuses too little text', async () => {
    await expect(run('little', { documents: ['the cat sat'] })).rejects.toThrow(
      /the texts must have at least 65 tokens, got \d+; give more of them/,
    )
  })
})

describe('evaluate', () => {
  it('predicts each token once, whatever the batches are', async () => {
    const { model, tokenizer } = await readModel(at('whole'))
    const stream = toStream(documents.slice(0, 5), tokenizer)
    const [one, many] = [
      await evaluate(model, stream, { context: 16, batch: 1 }),
      await evaluate(model, stream, { context: 16, batch: 3 }),
    ]
    expect(many.natsPerToken).toBeCloseTo(one.natsPerToken, 4)
    expect(one.tokens).toBe(stream.ids.length - 1)
    expect((await evaluate(model, stream, { context: 16, most: 20 })).tokens).toBe(20)
  })

  it('is the surprisal of a model that knows nothing', async () => {
    const { model, tokenizer } = await readModel(at('whole'))
    for (const cell of model.parameters()) cell.assign(tensor(0).broadcastTo([...cell.shape]))
    const { natsPerToken } = await evaluate(model, toStream(documents.slice(0, 2), tokenizer), { context: 16 })
    expect(natsPerToken).toBeCloseTo(Math.log(tokenizer.vocabSize), 5)
  })
})

describe('a model folder', () => {
  it('is kept as Hugging Face keeps one: sizes and kinds are in its config', () => {
    expect(JSON.parse(readFileSync(join(at('whole'), 'config.json'), 'utf8'))).toMatchObject({
      model_type: 'llama',
      architectures: ['LlamaForCausalLM'],
      hidden_size: 16,
      tie_word_embeddings: true,
      eos_token_id: expect.any(Number),
    })
  })

  it('names a file that is missing or damaged', async () => {
    await expect(readModel(at('none'))).rejects.toThrow(/tokenizer\.json cannot be read \(ENOENT.*--model/)
    const configFile = join(at('stopped'), 'config.json')
    const before = readFileSync(configFile)
    writeFileSync(configFile, '{')
    await expect(readModel(at('stopped'))).rejects.toThrow('fromPretrained: config must be JSON')
    writeFileSync(configFile, before)
    truncateSync(join(at('stopped'), 'model.safetensors'), 1000)
    await expect(readModel(at('stopped'))).rejects.toThrow(/data_offsets|header|bytes/)
  })
})
