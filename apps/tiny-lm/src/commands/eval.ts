import { defineCommand } from 'citty'
import { readModel } from '../model/model-folder.ts'
import { wholeNumberOf } from '../terminal/arguments.ts'
import { readDocuments } from '../text/documents.ts'
import { splitTexts, toStream } from '../text/token-stream.ts'
import { evaluate } from '../training/evaluate.ts'
import { chooseDevice, commonArgs, modelArgs } from './shared.ts'

export const evalCommand = defineCommand({
  meta: {
    name: 'surprisal-lm eval',
    description:
      'Says how well a model predicts texts: files or folders, or by default the glosses kept from training.',
  },
  args: {
    files: { type: 'positional', description: 'files, or folders of text and Markdown files', required: false },
    ...modelArgs,
    context: {
      type: 'string',
      description: 'tokens that a token may be predicted from',
      default: '128',
      valueHint: 'number',
    },
    ...commonArgs,
  },
  async run({ args }) {
    const context = wholeNumberOf('context', args.context, 2)
    await chooseDevice(args.device)
    const { model, tokenizer } = await readModel(args.model)
    const documents = await readDocuments(args._)
    const texts = args._.length > 0 ? documents : splitTexts(documents).validation
    const evaluation = await evaluate(model, toStream(texts, tokenizer), { context })
    const { natsPerToken, natsPerCharacter, bitsPerByte, tokens } = evaluation
    if (args.json) return console.log(JSON.stringify(evaluation, null, 2))
    console.log(`${natsPerCharacter.toFixed(4)} nats per character`)
    console.log(`${bitsPerByte.toFixed(4)} bits per byte`)
    console.log(`${natsPerToken.toFixed(4)} nats per token, of ${tokens.toLocaleString('en')} tokens`)
  },
})
