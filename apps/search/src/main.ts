import { stripVTControlCharacters } from 'node:util'
import { SurprisalError } from '@surprisal/tensor'
import { defineCommand, renderUsage, runCommand } from 'citty'
import { readQueryFile } from './data/query-file.ts'
import { Build, StoppedError } from './pipeline/build.ts'
import { systemCode } from './pipeline/io-errors.ts'
import { loadCorpus } from './pipeline/load-corpus.ts'
import { type Progress, silentProgress } from './pipeline/progress.ts'
import { createServer } from './server/create-server.ts'
import { evaluateSystems } from './systems/evaluate.ts'
import { knownQueries } from './systems/queries.ts'
import { type SearchEngine, systemNames } from './systems/search-engine.ts'
import {
  type ArgumentDefinitions,
  type CorpusArgs,
  checkArguments,
  corpusArgs,
  toOptions,
  wholeNumber,
} from './terminal/arguments.ts'
import { askInTerminal } from './terminal/ask.ts'
import { colorsFor } from './terminal/colors.ts'
import { requireFreePort } from './terminal/free-port.ts'
import { terminalProgress } from './terminal/progress.ts'
import { plain } from './terminal/results.ts'
import { stopped, stoppedExitCode, stopSignal } from './terminal/stop-signal.ts'
import { curveText, evaluationText, evaluationTexts } from './terminal/tables.ts'

const colors = colorsFor(process.stdout)

/** Lines on standard error: none beside JSON, where nobody watches. */
const chooseProgress = ({ json }: CorpusArgs): Progress =>
  json && !process.stderr.isTTY ? silentProgress : terminalProgress(process.stderr)

async function prepare(args: CorpusArgs, progress: Progress, signal: AbortSignal): Promise<SearchEngine> {
  const options = toOptions(args)
  const started = performance.now()
  const corpus = await loadCorpus(options)
  progress.say(`${corpus.name}: ${corpus.documents.length.toLocaleString('en')} documents`)
  const build = await Build.open(corpus, options, progress, signal)
  const engine = await build.run()
  progress.say(`Ready after ${((performance.now() - started) / 1000).toFixed(1)} s; kept in ${build.folder}`)
  return engine
}

const evalCommand = defineCommand({
  meta: { name: 'surprisal-search eval', description: 'Evaluate all systems on a file of judged queries.' },
  args: {
    ...corpusArgs,
    queries: {
      type: 'string',
      required: true,
      description: 'JSON file: [{"query": "...", "relevant": ["n02124272"]}]',
      valueHint: 'file',
    },
  },
  async run({ args }) {
    const queries = await readQueryFile(args.queries)
    const progress = chooseProgress(args)
    const signal = stopSignal()
    const engine = await prepare(args, progress, signal)
    const { set, unknown } = knownQueries({ name: args.queries, queries }, engine)
    if (unknown.length > 0)
      console.error(
        plain(
          `Warning: ${unknown.length} ids of ${args.queries} are not indexed and were left out, such as ${unknown[0]}; ` +
            `${set.queries.length} of ${queries.length} queries remain`,
        ),
      )
    const phase = progress.phase('Evaluate', set.queries.length * systemNames.length)
    const result = await evaluateSystems(engine, set, async done => {
      phase.update(done)
      await new Promise(resolve => setImmediate(resolve))
      if (!signal.aborted) return
      phase.abandon()
      throw new StoppedError('Stopped; what was built is kept')
    })
    phase.finish(`${set.queries.length} queries`)
    console.log(args.json ? JSON.stringify({ systems: result.rows }, null, 2) : evaluationText(result, colors))
  },
})

const mainCommand = defineCommand({
  meta: {
    name: 'surprisal-search',
    description:
      'Trains a search model on a dictionary or on your own texts, evaluates it, and searches by meaning. ' +
      '`surprisal-search eval --help` tells how to evaluate queries of your own.',
  },
  args: {
    ...corpusArgs,
    web: {
      type: 'boolean',
      default: true,
      description: 'serve the page on this machine',
      negativeDescription: 'do not serve the page',
    },
    serve: { type: 'boolean', description: 'serve the page even where there is no terminal' },
    port: { type: 'string', default: '4173', description: 'port of the page, 0 for any', valueHint: 'number' },
  },
  async run({ args }) {
    const port = wholeNumber('port', args.port, 65535)
    if (args.serve && !args.web) throw new SurprisalError('argument', 'search: --serve and --no-web exclude each other')
    const interactive = Boolean(process.stdin.isTTY && process.stdout.isTTY && !args.json)
    const serves = args.web && (interactive || Boolean(args.serve))
    if (serves) await requireFreePort(port)
    const signal = stopSignal()
    const engine = await prepare(args, chooseProgress(args), signal)
    if (args.json) console.log(JSON.stringify({ evaluation: engine.evaluation, curve: engine.curve }, null, 2))
    else console.log(reportText(engine))
    const server = serves ? await createServer(engine, { port }) : null
    if (server) (args.json ? console.error : console.log)(`\nSearch in the browser: ${server.url}`)
    if (interactive) await askInTerminal(engine, signal)
    else if (server) await stopped(signal)
    await server?.close()
  },
})

function reportText({ curve, evaluation }: SearchEngine): string {
  const parts = [curve && curveText(curve, colors), evaluationTexts(evaluation ?? [], colors)]
  return parts.filter(Boolean).join('\n\n')
}

async function main([first, ...rest]: readonly string[]): Promise<void> {
  const [command, rawArgs] = first === 'eval' ? [evalCommand, rest] : [mainCommand, [first, ...rest].filter(isText)]
  if (rawArgs.includes('--help') || rawArgs.includes('-h')) {
    const usage = await renderUsage(command as typeof mainCommand)
    return console.log(colors.isColorSupported ? usage : stripVTControlCharacters(usage))
  }
  checkArguments(rawArgs, command.args as ArgumentDefinitions)
  await runCommand(command as typeof mainCommand, { rawArgs })
}

const isText = (arg: string | undefined): arg is string => arg !== undefined

/** What went wrong in one line; where it is a mistake of this program, also the place. */
function describe(error: Error): string {
  const expected = error instanceof SurprisalError || error.name === 'CLIError' || systemCode(error) !== undefined
  return expected ? plain(error.message) : (error.stack ?? error.message)
}

// Who reads only the first lines (`| head`) has seen enough.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })

main(process.argv.slice(2)).catch((error: Error) => {
  const isStop = error instanceof StoppedError
  console.error(isStop ? error.message : describe(error))
  process.exit(isStop ? stoppedExitCode : 1)
})
