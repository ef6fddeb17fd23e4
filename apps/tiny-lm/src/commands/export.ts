import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SurprisalError } from '@surprisal/tensor'
import { defineCommand } from 'citty'
import { toInt8 } from '../model/int8.ts'
import { readModel, writeModel } from '../model/model-folder.ts'
import { commonArgs, modelArgs } from './shared.ts'

export const exportCommand = defineCommand({
  meta: {
    name: 'surprisal-lm export',
    description: 'Writes config.json, tokenizer.json and model.safetensors, as Hugging Face keeps them.',
  },
  args: {
    ...modelArgs,
    to: { type: 'string', description: 'folder to write to', required: true, valueHint: 'folder' },
    int8: { type: 'boolean', description: 'weights of layers in 8 bits, which this program reads' },
    json: commonArgs.json,
  },
  async run({ args }) {
    if (args.to === args.model)
      throw new SurprisalError('argument', `tiny-lm: --to must be another folder than --model, got ${args.to}`)
    const { model, tokenizer } = await readModel(args.model)
    const tensors = args.int8 ? toInt8(model.stateDict()) : model.stateDict()
    await writeModel(args.to, model.config, tensors, tokenizer)
    const { size } = await stat(join(args.to, 'model.safetensors'))
    if (args.json) console.log(JSON.stringify({ folder: args.to, bytes: size }))
    else console.log(`${args.to}: ${(size / 2 ** 20).toFixed(1)} MiB of weights`)
  },
})
