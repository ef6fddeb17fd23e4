import { SurprisalError } from '@surprisal/tensor'
import { defaultCache } from '../pipeline/cache-folder.ts'
import type { SearchOptions } from '../pipeline/options.ts'
import { type PresetName, presets } from '../pipeline/presets.ts'

/** Options that say what is built. */
export const corpusArgs = {
  dir: {
    type: 'string',
    description: 'your own text and Markdown files, in the place of WordNet',
    valueHint: 'folder',
  },
  exclude: { type: 'string', description: 'files below --dir to leave out, separated by commas', valueHint: 'globs' },
  preset: {
    type: 'string',
    description: 'tiny (a minute), small (five minutes) or large',
    default: 'small',
    valueHint: 'name',
  },
  seed: { type: 'string', description: 'seed of the training', default: '0', valueHint: 'number' },
  cache: {
    type: 'string',
    description: 'where builds are kept (default: ~/.cache/surprisal-search)',
    valueHint: 'folder',
  },
  rebuild: { type: 'boolean', description: 'build everything anew; the earlier build is kept until then' },
  json: { type: 'boolean', description: 'print results as JSON on standard output' },
} as const

/** {@link corpusArgs} as they come from the command line. */
export interface CorpusArgs {
  dir?: string
  exclude?: string
  preset: string
  seed: string
  cache?: string
  rebuild?: boolean
  json?: boolean
}

/** @throws {SurprisalError} `argument` naming the option whose value is wrong */
export function toOptions(args: CorpusArgs): SearchOptions {
  if (!Object.hasOwn(presets, args.preset))
    fail(`--preset must be ${Object.keys(presets).join(', ')}, got ${args.preset}`)
  if (args.exclude !== undefined && args.dir === undefined) fail('--exclude goes with --dir')
  return {
    dir: args.dir ?? null,
    exclude: args.exclude?.split(',').filter(Boolean) ?? [],
    preset: args.preset as PresetName,
    seed: wholeNumber('seed', args.seed, 2 ** 32 - 1),
    cache: args.cache ?? defaultCache(),
    rebuild: args.rebuild ?? false,
  }
}

/** @throws {SurprisalError} `argument` unless the text is a whole number from 0 to `largest` */
export function wholeNumber(option: string, text: string, largest: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  return value <= largest ? value : fail(`--${option} must be a whole number from 0 to ${largest}, got ${text}`)
}

/** The part of a definition of options that {@link checkArguments} looks at. */
export type ArgumentDefinitions = Readonly<
  Record<string, { readonly type: 'string' | 'boolean'; readonly valueHint?: string }>
>

/**
 * Refuses what the parser would let pass: options that do not exist, options without their value, stray words.
 * @throws {SurprisalError} `argument` naming the first argument that is wrong
 */
export function checkArguments(rawArgs: readonly string[], definitions: ArgumentDefinitions): void {
  for (let i = 0; i < rawArgs.length; i++) {
    const arg = rawArgs[i]
    const [, flag, value] = /^--([^=]*)(?:=(.*))?$/s.exec(arg) ?? []
    const name = flag?.startsWith('no-') && definitions[flag.slice(3)]?.type === 'boolean' ? flag.slice(3) : flag
    if (name === undefined || !Object.hasOwn(definitions, name))
      fail(`unknown argument ${arg}; --help lists the options`)
    const { type, valueHint = 'value' } = definitions[name]
    if (type === 'boolean' && value !== undefined) fail(`--${name} takes no value, got ${value}`)
    if (type === 'boolean') continue
    const next = value === undefined ? rawArgs[++i] : undefined
    if ((value ?? next ?? '') === '' || next?.startsWith('--'))
      fail(`--${name} needs a value: --${name} <${valueHint}>`)
  }
}

function fail(problem: string): never {
  throw new SurprisalError('argument', `search: ${problem}`)
}
