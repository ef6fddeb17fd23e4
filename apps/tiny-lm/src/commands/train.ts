import { terminalProgress } from '@surprisal/nn/node'
import { setThreads } from '@surprisal/tensor'
import { defineCommand } from 'citty'
import { presets } from '../model/presets.ts'
import { Feed } from '../page/feed.ts'
import { servePage } from '../page/serve-page.ts'
import { presetOf, wholeNumberOf } from '../terminal/arguments.ts'
import { curveText } from '../terminal/curve.ts'
import { readDocuments } from '../text/documents.ts'
import { type TrainResult, train } from '../training/train.ts'
import { chooseDevice, commonArgs, modelArgs, stopped, stoppedExitCode, stopSignal } from './shared.ts'

export const trainCommand = defineCommand({
  meta: {
    name: 'surprisal-lm train',
    description:
      'Trains a tokenizer and a language model on texts: files or folders, or by default the glosses of WordNet.',
  },
  args: {
    files: { type: 'positional', description: 'files, or folders of text and Markdown files', required: false },
    ...modelArgs,
    preset: { type: 'string', description: 'nano (three minutes), tiny or small', default: 'nano', valueHint: 'name' },
    steps: { type: 'string', description: 'steps of training (default: those of the preset)', valueHint: 'number' },
    seed: { type: 'string', description: 'seed of the training', default: '0', valueHint: 'number' },
    resume: { type: 'boolean', description: 'go on from the newest checkpoint of the folder' },
    threads: { type: 'string', description: 'threads (default: as many as are worth it)', valueHint: 'number' },
    page: { type: 'boolean', description: 'show the training on a page of this machine' },
    port: { type: 'string', description: 'port of the page, 0 for any', default: '4180', valueHint: 'number' },
    ...commonArgs,
  },
  async run({ args }) {
    const preset = presets[presetOf(args.preset)]
    const steps = args.steps === undefined ? preset.steps : wholeNumberOf('steps', args.steps, 1)
    const seed = wholeNumberOf('seed', args.seed, 0)
    await chooseDevice(args.device)
    if (args.threads !== undefined) await setThreads(wholeNumberOf('threads', args.threads, 1, 64))
    const signal = stopSignal()
    const losses: number[] = []
    const line = terminalProgress()
    const feed = new Feed()
    const page = args.page ? await servePage(feed, wholeNumberOf('port', args.port, 0, 65535)) : null
    const say = (text: string): void => {
      console.error(text)
      feed.add({ kind: 'about', text })
    }
    if (page) console.error(`The training in the browser: ${page.url}`)
    const result = await train({
      documents: await readDocuments(args._),
      preset: { ...preset, steps },
      seed,
      folder: args.model,
      resume: args.resume ?? false,
      signal,
      say,
      progress: progress => {
        losses.push(progress.loss)
        line(progress)
        feed.add({ kind: 'step', ...progress })
      },
      evaluated: (step, { natsPerCharacter }, sample) => {
        console.error(`\nAfter ${step} steps: ${natsPerCharacter.toFixed(3)} nats per character of texts not seen`)
        console.error(`  ${sample}`)
        feed.add({ kind: 'evaluation', step, natsPerCharacter, sample })
      },
    })
    feed.add({ kind: 'end', text: result.fit.reason === 'done' ? 'The training is done' : 'The training was stopped' })
    if (args.json) console.log(JSON.stringify(reportOf(result, losses), null, 2))
    else console.log(textOf(result, losses, args.model))
    if (result.fit.reason === 'aborted') process.exitCode = stoppedExitCode
    else if (page && process.stdin.isTTY) await stopped(signal)
    await page?.close()
  },
})

const reportOf = ({ fit, evaluation, parameters }: TrainResult, losses: readonly number[]) => ({
  step: fit.step,
  reason: fit.reason,
  parameters,
  evaluation,
  evaluations: fit.evaluations.map(({ step, metric }) => ({ step, natsPerCharacter: metric })),
  losses,
})

function textOf({ fit, evaluation }: TrainResult, losses: readonly number[], folder: string): string {
  const state = evaluation
    ? `${evaluation.natsPerCharacter.toFixed(3)} nats per character, ${evaluation.bitsPerByte.toFixed(3)} bits per byte of ` +
      `texts not seen; the model is in ${folder}`
    : `Stopped after ${fit.step} steps; go on with the same command and --resume`
  return [curveText(losses), state].filter(Boolean).join('\n\n')
}
