import { generateStream } from '@surprisal/nn'
import { defineCommand } from 'citty'
import { readModel } from '../model/model-folder.ts'
import { numberOf, wholeNumberOf } from '../terminal/arguments.ts'
import { endOfText } from '../text/token-stream.ts'
import { chooseDevice, commonArgs, modelArgs, stopSignal } from './shared.ts'

export const sampleCommand = defineCommand({
  meta: { name: 'surprisal-lm sample', description: 'Writes text, token by token.' },
  args: {
    ...modelArgs,
    prompt: { type: 'string', description: 'what the text begins with', default: '', valueHint: 'text' },
    count: { type: 'string', description: 'texts', default: '1', valueHint: 'number' },
    length: { type: 'string', description: 'tokens of a text at most', default: '128', valueHint: 'number' },
    temperature: { type: 'string', description: '0 for the likeliest token', default: '0.8', valueHint: 'number' },
    'top-p': {
      type: 'string',
      description: 'probability of the tokens drawn from',
      default: '0.95',
      valueHint: 'number',
    },
    stop: { type: 'string', description: 'ends a text where it is written', valueHint: 'text' },
    seed: { type: 'string', description: 'seed of the draws', default: '0', valueHint: 'number' },
    ...commonArgs,
  },
  async run({ args }) {
    const temperature = numberOf('temperature', args.temperature, 0)
    const topP = numberOf('top-p', args['top-p'], 0.01, 1)
    const maxNewTokens = wholeNumberOf('length', args.length, 1)
    const count = wholeNumberOf('count', args.count, 1)
    const seed = wholeNumberOf('seed', args.seed, 0)
    await chooseDevice(args.device)
    const { model, tokenizer } = await readModel(args.model)
    const end = tokenizer.tokenToId(endOfText) as number
    const signal = stopSignal()
    const texts: string[] = []
    const started = performance.now()
    let tokens = 0
    for (let i = 0; i < count && !signal.aborted; i++) {
      const written = new Writer(ids => tokenizer.decode(ids), args.prompt, args.json ? null : process.stdout)
      const stream = generateStream(model, [[end, ...tokenizer.encodeIds(args.prompt)]], {
        maxNewTokens,
        eosTokenId: end,
        seed: seed + i,
        signal,
        decode: ids => tokenizer.decode(ids),
        ...(temperature === 0 ? { doSample: false } : { temperature, topP }),
        ...(args.stop !== undefined && { stopStrings: [args.stop] }),
      })
      for await (const step of stream) {
        tokens += 1
        written.add(step.tokens[0])
      }
      texts.push(written.end())
    }
    const tokensPerSecond = (1000 * tokens) / (performance.now() - started)
    if (args.json) console.log(JSON.stringify({ texts, tokensPerSecond }, null, 2))
    else if (process.stderr.isTTY) console.error(`${tokensPerSecond.toFixed(0)} tokens per second`)
  },
})

/** Writes a text as it grows; characters whose bytes are not complete wait. */
class Writer {
  readonly #decode: (ids: number[]) => string
  readonly #stream: { write(text: string): unknown } | null
  readonly #prompt: string
  readonly #ids: number[] = []
  #shown = 0

  constructor(decode: (ids: number[]) => string, prompt: string, stream: { write(text: string): unknown } | null) {
    this.#decode = decode
    this.#prompt = prompt
    this.#stream = stream
    stream?.write(prompt)
  }

  add(id: number): void {
    this.#ids.push(id)
    const text = this.#decode(this.#ids)
    if (text.endsWith('\ufffd')) return
    this.#stream?.write(text.slice(this.#shown))
    this.#shown = text.length
  }

  end(): string {
    const text = this.#decode(this.#ids)
    this.#stream?.write(`${text.slice(this.#shown)}\n`)
    return this.#prompt + text
  }
}
