#!/usr/bin/env node
import { SurprisalError } from '@surprisal/tensor'
import { defineCommand, runCommand, showUsage } from 'citty'
import { readQueryFile } from './data/query-file.ts'
import { Build, StoppedError } from './pipeline/build.ts'
import { defaultCache } from './pipeline/cache-folder.ts'
import { loadCorpus } from './pipeline/load-corpus.ts'
import type { SearchOptions } from './pipeline/options.ts'
import { type PresetName, presets } from './pipeline/presets.ts'
import { silentProgress } from './pipeline/progress.ts'
import { createServer } from './server/create-server.ts'
import { evaluateSystems } from './systems/evaluate.ts'
import type { SearchEngine } from './systems/search-engine.ts'
import { askInTerminal } from './terminal/ask.ts'
import { terminalProgress } from './terminal/progress.ts'
import { curveText, evaluationText, evaluationTexts } from './terminal/tables.ts'

/** Exit code of a program that was stopped with Ctrl-C. */
const stoppedExitCode = 130

const corpusArgs = {
  dir: { type: 'string', description: 'folder of your own text and Markdown files, in the place of WordNet', valueHint: 'folder' },
  exclude: { type: 'string', description: 'globs of files below --dir to leave out, separated by commas', valueHint: 'globs' },
  preset: { type: 'string', description: 'tiny (a minute), small (five minutes) or large', default: 'small', valueHint: 'name' },
  seed: { type: 'string', description: 'seed of the training', default: '0', valueHint: 'number' },
  cache: { type: 'string', description: 'folder where builds are kept (default: ~/.cache/surprisal-search)', valueHint: 'folder' },
  rebuild: { type: 'boolean', description: 'build everything anew' },
  json: { type: 'boolean', description: 'print results as JSON on standard output' },
} as const

interface CorpusArgs {
  dir?: string
  exclude?: string
  preset: string
  seed: string
  cache?: string
  rebuild?: boolean
  json?: boolean
}

function toOptions(args: CorpusArgs): SearchOptions {
  if (!Object.hasOwn(presets, args.preset))
    throw new SurprisalError('argument', `search: --preset must be ${Object.keys(presets).join(', ')}, got ${args.preset}`)
  const seed = Number(args.seed)
  if (!Number.isInteger(seed) || seed < 0)
    throw new SurprisalError('argument', `search: --seed must be a whole number, got ${args.seed}`)
  return {
    dir: args.dir ?? null,
    exclude: args.exclude?.split(',').filter(Boolean) ?? [],
    preset: args.preset as PresetName,
    seed,
    cache: args.cache ?? defaultCache(),
    rebuild: args.rebuild ?? false,
  }
}

/** Stops on Ctrl-C; a second one ends the program at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController()
  process.on('SIGINT', () => {
    if (controller.signal.aborted) process.exit(stoppedExitCode)
    controller.abort()
  })
  process.once('SIGTERM', () => controller.abort())
  return controller.signal
}

async function prepare(args: CorpusArgs, signal: AbortSignal): Promise<SearchEngine> {
  const options = toOptions(args)
  const progress = args.json ? silentProgress : terminalProgress(process.stderr)
  const started = performance.now()
  const corpus = await loadCorpus(options)
  progress.say(`${corpus.name}: ${corpus.documents.length.toLocaleString('en')} documents`)
  const build = await Build.open(corpus, options, progress, signal)
  const engine = await build.run()
  progress.say(`Ready after ${((performance.now() - started) / 1000).toFixed(1)} s; kept in ${build.folder}`)
  return engine
}

const report = (engine: SearchEngine): string => JSON.stringify({ evaluation: engine.evaluation, curve: engine.curve }, null, 2)

const evalCommand = defineCommand({
  meta: { name: 'eval', description: 'Evaluate all systems on a file of judged queries.' },
  args: {
    ...corpusArgs,
    queries: { type: 'string', required: true, description: 'JSON file: [{"query": "...", "relevant": ["n02124272"]}]', valueHint: 'file' },
  },
  async run({ args }) {
    const queries = await readQueryFile(args.queries)
    const engine = await prepare(args, stopSignal())
    const { queries: name, rows } = await evaluateSystems(engine, { name: args.queries, queries })
    console.log(args.json ? JSON.stringify({ systems: rows }, null, 2) : evaluationText({ queries: name, rows }))
  },
})

const mainCommand = defineCommand({
  meta: {
    name: 'surprisal-search',
    description: 'Trains a search model on a dictionary or on your own texts, evaluates it, and searches by meaning. `eval` evaluates a file of queries.',
  },
  args: {
    ...corpusArgs,
    web: { type: 'boolean', default: true, description: 'serve the page on this machine', negativeDescription: 'do not serve the page' },
    serve: { type: 'boolean', description: 'serve the page even where there is no terminal' },
    port: { type: 'string', default: '4173', description: 'port of the page', valueHint: 'number' },
  },
  async run({ args }) {
    const port = Number(args.port)
    if (!Number.isInteger(port) || port < 0 || port > 65535)
      throw new SurprisalError('argument', `search: --port must be a whole number from 0 to 65535, got ${args.port}`)
    const signal = stopSignal()
    const engine = await prepare(args, signal)
    if (args.json) console.log(report(engine))
    else console.log([engine.curve && curveText(engine.curve), evaluationTexts(engine.evaluation ?? [])].filter(Boolean).join('\n\n'))
    const interactive = Boolean(process.stdin.isTTY && process.stdout.isTTY && !args.json)
    const server = args.web && (interactive || args.serve) ? await createServer(engine, { port }) : null
    if (server) console.log(`\nSearch in the browser: ${server.url}`)
    if (interactive) await askInTerminal(engine, signal)
    else if (server) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
    await server?.close()
  },
})

async function main(): Promise<void> {
  const [first, ...rest] = process.argv.slice(2)
  const isEval = first === 'eval'
  const rawArgs = isEval ? rest : process.argv.slice(2)
  const command = isEval ? evalCommand : mainCommand
  if (rawArgs.includes('--help') || rawArgs.includes('-h')) return showUsage(command as typeof mainCommand)
  const unknown = unknownFlag(rawArgs, Object.keys((command.args ?? {}) as object))
  if (unknown !== null) throw new SurprisalError('argument', `search: unknown option ${unknown}; --help lists them`)
  await runCommand(command as typeof mainCommand, { rawArgs })
}

/** The first argument that no option of the command explains. */
function unknownFlag(rawArgs: readonly string[], known: readonly string[]): string | null {
  const names = new Set(known)
  let expectsValue = false
  for (const arg of rawArgs) {
    if (expectsValue && !arg.startsWith('--')) expectsValue = false
    else if (arg.startsWith('--')) {
      const name = arg.slice(2).split('=')[0].replace(/^no-/, '')
      if (!names.has(name)) return arg
      expectsValue = !arg.includes('=') && !['json', 'rebuild', 'web', 'serve'].includes(name)
    } else return arg
  }
  return null
}

main().catch((error: Error) => {
  if (error instanceof StoppedError) {
    console.error(error.message)
    process.exit(stoppedExitCode)
  }
  console.error(error instanceof SurprisalError || error.name === 'CLIError' ? error.message : error)
  process.exit(1)
})
