import { gradients, normal, stack, type Tensor, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { Linear } from '../layers/linear.ts'
import { Bert } from './bert.ts'
import { BertForMaskedLM } from './bert-for-masked-lm.ts'
import { DualEncoder } from './dual-encoder.ts'

const config = {
  vocabSize: 7,
  hiddenSize: 4,
  numAttentionHeads: 2,
  numHiddenLayers: 1,
  intermediateSize: 6,
  maxPositionEmbeddings: 6,
}
const ids = tensor([[1, 5, 2]], { dtype: 'int32' })
const dataOf = async (x: Tensor): Promise<number[]> => [...(await x.data())]
/** Largest size of each gradient, in one plan; 0 for none. */
const largestOf = (found: readonly (Tensor | null)[]): Promise<number[]> =>
  dataOf(stack(found.map(gradient => gradient?.abs().max() ?? tensor(0))))

describe('BertForMaskedLM', () => {
  it('gives a logit of each word in each place', async () => {
    const logits = new BertForMaskedLM(config, { key: 1 }).forward(ids)
    expect(logits.shape).toEqual([1, 3, 7])
    expect((await dataOf(logits)).every(Number.isFinite)).toBe(true)
  })

  it('has the names of Hugging Face around those of the encoder', () => {
    const shapes = Object.entries(new BertForMaskedLM(config).stateDict()).map(([name, { shape }]) => [name, shape])
    const encoder = Object.keys(new Bert(config).stateDict()).map(name => `bert.${name}`)
    const head = shapes.filter(([name]) => !encoder.includes(name as string))
    expect(shapes).toHaveLength(encoder.length + head.length)
    expect(Object.fromEntries(head)).toEqual({
      'cls.predictions.bias': [7],
      'cls.predictions.transform.dense.weight': [4, 4],
      'cls.predictions.transform.dense.bias': [4],
      'cls.predictions.transform.LayerNorm.weight': [4],
      'cls.predictions.transform.LayerNorm.bias': [4],
      'cls.predictions.decoder.weight': [7, 4],
      'cls.predictions.decoder.bias': [7],
    })
  })

  it('ties its decoder to the table of words, and is loaded without either twin', async () => {
    const model = new BertForMaskedLM(config, { key: 1 })
    expect(model.cls.predictions.decoder.weight).toBe(model.bert.embeddings.wordEmbeddings.weight)
    const {
      'cls.predictions.decoder.weight': _weight,
      'cls.predictions.decoder.bias': _bias,
      ...rest
    } = model.stateDict()
    const again = new BertForMaskedLM(config, { key: 2 })
    again.loadStateDict(rest)
    expect(await dataOf(again.forward(ids))).toEqual(await dataOf(model.forward(ids)))
  })

  it('sends a gradient to every parameter, and reads no padding', async () => {
    const model = new BertForMaskedLM(config, { key: 3 })
    const logits = model.forward(ids)
    const found = gradients(logits.mul(normal(8, logits.shape)).sum(), model.parameters())
    const largest = await largestOf(found)
    for (const [i, [name]] of model.namedParameters().entries()) expect(largest[i], name).toBeGreaterThan(0)
    const padded = tensor([[1, 5, 2, 6]], { dtype: 'int32' })
    const attentionMask = tensor([[1, 1, 1, 0]], { dtype: 'int32' })
    const masked = await dataOf(model.forward(padded, { attentionMask }).narrow(1, 0, 3))
    for (const [i, value] of (await dataOf(logits)).entries()) expect(masked[i]).toBeCloseTo(value, 5)
  })

  it('counts the parameters of its presets', () => {
    const counts = Object.values(BertForMaskedLM.presets).map(preset => new BertForMaskedLM(preset).numParameters())
    expect(counts).toEqual([202_280, 4_416_698, 11_201_594])
  })

  it('refuses sizes that do not fit', () => {
    expect(() => new BertForMaskedLM({ ...config, vocabSize: 0 })).toThrow(
      'Bert: vocabSize must be a whole number from 1, got 0',
    )
  })
})

describe('DualEncoder', () => {
  const [queries, documents] = [normal(1, [2, 3]), normal(2, [4, 5])]
  const two = (options = {}) => new DualEncoder(new Linear(3, 6, { key: 1 }), new Linear(5, 6, { key: 2 }), options)

  it('gives logits: cosines times the learned factor', async () => {
    const model = two()
    const [a, b] = [model.encodeQueries(queries), model.encodeDocuments(documents)]
    for (const vectors of [a, b])
      for (const square of await dataOf(vectors.square().sum({ dim: 1 }))) expect(square).toBeCloseTo(1, 5)
    const cosines = await dataOf(model.similarity(a, b))
    expect(Math.max(...cosines.map(Math.abs))).toBeLessThanOrEqual(1 + 1e-6)
    const logits = model.forward([queries], [documents])
    expect(logits.shape).toEqual([2, 4])
    for (const [i, value] of (await dataOf(logits)).entries()) expect(value).toBeCloseTo(cosines[i] / 0.07, 4)
  })

  it('gives plain products where vectors are not normalised', async () => {
    const model = two({ normalize: false, logitScale: 0 })
    const plain = model.queryTower.forward(queries).matmul(model.documentTower.forward(documents).transpose(0, 1))
    expect(await dataOf(model.forward([queries], [documents]))).toEqual(await dataOf(plain))
  })

  it('sends a gradient to both towers and to the factor', async () => {
    const model = two()
    const logits = model.forward([queries], [documents])
    const loss = logits.mul(normal(8, logits.shape)).sum()
    expect(model.namedParameters().map(([name]) => name)).toEqual([
      'logit_scale',
      'query_tower.weight',
      'query_tower.bias',
      'document_tower.weight',
      'document_tower.bias',
    ])
    expect(Math.min(...(await largestOf(gradients(loss, model.parameters()))))).toBeGreaterThan(0)
  })

  it('shares a tower that is given twice, and takes the pooled vectors of texts', async () => {
    const bert = new Bert(config, { key: 4 })
    const model = new DualEncoder(bert, bert)
    expect(model.parameters()).toHaveLength(bert.parameters().length + 1)
    const [a, b] = [model.encodeQueries(ids, { pooling: 'cls' }), model.encodeDocuments(ids, { pooling: 'cls' })]
    expect(await dataOf(a)).toEqual(await dataOf(b))
    expect((await dataOf(model.similarity(a, b)))[0]).toBeCloseTo(1, 5)
  })

  it('leaves a vector of zeros as it is, with a finite gradient', async () => {
    const tower = new Linear(2, 2, { key: 1, bias: false })
    const model = new DualEncoder(tower, tower)
    const vectors = model.encodeQueries(tensor([[0, 0]]))
    expect(await dataOf(vectors)).toEqual([0, 0])
    const [gradient] = gradients(vectors.sum(), [tower.weight])
    expect((await dataOf(gradient as Tensor)).every(Number.isFinite)).toBe(true)
  })

  it('refuses what does not fit', () => {
    const model = two()
    expect(() => new DualEncoder(null as never, new Linear(1, 1, { key: 1 }))).toThrow(
      'DualEncoder: queryTower must be a module, got null',
    )
    expect(() => two({ logitScale: Number.NaN })).toThrow('DualEncoder: logitScale must be finite, got NaN')
    expect(() => model.encodeQueries(normal(1, [3]))).toThrow(
      'DualEncoder.encodeQueries: the tower must give [batch, size], got [6]',
    )
    expect(() => model.similarity(queries, documents)).toThrow(
      'DualEncoder.similarity: queries and documents must be [count, size] of one size, got [2, 3] and [4, 5]',
    )
    expect(() => model.similarity(queries, null as never)).toThrow(
      'DualEncoder.similarity: documents must be a tensor, got null',
    )
  })
})
