import type { OwnProgram } from '@surprisal/bench'
import { createModel, generate } from '@surprisal/nn'
import { heads, inner, layers, length, names, vocabulary, width, written } from './model.ts'

/** `generate` of this package, which takes the likeliest token. */
export const ownWriting: OwnProgram = {
  prepare: async x => {
    const model = createModel('llama', {
      vocabSize: vocabulary,
      hiddenSize: width,
      numHiddenLayers: layers,
      numAttentionHeads: heads,
      intermediateSize: inner,
      maxPositionEmbeddings: length,
    })
    model.loadStateDict(Object.fromEntries(names.map(name => [name, x[name]])))
    const prompt = Array.from(await x.prompt.data())
    const write = async () => {
      const { sequences } = await generate(model, [prompt], { maxNewTokens: written, doSample: false })
      return sequences
    }
    return {
      run: async () => void (await write()),
      results: write,
    }
  },
}
