import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import {
  fromPretrained,
  Llama,
  type LlamaConfig,
  readSafetensors,
  toPretrainedConfig,
  writeSafetensors,
} from '@surprisal/nn'
import { SurprisalError, type Tensor } from '@surprisal/tensor'
import { loadTokenizer, type Tokenizer } from '@surprisal/tokenization'
import { endOfText } from '../text/token-stream.ts'
import { fromInt8 } from './int8.ts'

/** A model and what it reads with. */
export interface LanguageModelFiles {
  readonly model: Llama
  readonly tokenizer: Tokenizer
}

/** Writes a file aside, flushes it to the disk and gives it its name. */
async function replaceFile(path: string, data: string | Uint8Array): Promise<void> {
  const aside = `${path}.tmp`
  const file = await open(aside, 'w')
  try {
    await file.writeFile(data)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(aside, path)
}

/**
 * Writes a model as Hugging Face keeps one: `config.json`, `tokenizer.json` and `model.safetensors`.
 * @param tensors the state dict
 * @throws {SurprisalError} `io` naming the folder
 */
export async function writeModel(
  folder: string,
  config: LlamaConfig,
  tensors: Readonly<Record<string, Tensor>>,
  tokenizer: Tokenizer,
): Promise<void> {
  const end = tokenizer.tokenToId(endOfText) as number
  const about = { ...toPretrainedConfig('llama', config), bos_token_id: end, eos_token_id: end }
  try {
    await mkdir(folder, { recursive: true })
    await replaceFile(join(folder, 'config.json'), `${JSON.stringify(about, null, 2)}\n`)
    await replaceFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer))
    const metadata = { format: 'pt' }
    await replaceFile(join(folder, 'model.safetensors'), await writeSafetensors({ ...tensors }, { metadata }))
  } catch (cause) {
    throw new SurprisalError('io', `tiny-lm: ${folder} cannot be written (${(cause as Error).message})`, { cause })
  }
}

/**
 * Reads what {@link writeModel} has written.
 * @throws {SurprisalError} `io` for a file that is missing, `format` for one that is damaged
 */
export async function readModel(folder: string): Promise<LanguageModelFiles> {
  const read = (name: string): Promise<Buffer> =>
    readFile(join(folder, name)).catch((cause: Error) => {
      const remedy = 'train one with `surprisal-lm train`, or name its folder with --model'
      throw new SurprisalError('io', `tiny-lm: ${join(folder, name)} cannot be read (${cause.message}); ${remedy}`, {
        cause,
      })
    })
  const tokenizer = loadTokenizer((await read('tokenizer.json')).toString('utf8'))
  const model = fromPretrained({
    config: (await read('config.json')).toString('utf8'),
    weights: fromInt8(readSafetensors(await read('model.safetensors'))),
  })
  if (!(model instanceof Llama))
    throw new SurprisalError('format', `tiny-lm: ${folder} must hold a llama, got another kind of model`)
  model.eval()
  return { model, tokenizer }
}
