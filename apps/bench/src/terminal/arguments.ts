import { SurprisalError } from '@surprisal/tensor'

/** Options of the command line. */
export const benchArgs = {
  json: { type: 'boolean', description: 'print the results as JSON on standard output' },
  list: { type: 'boolean', description: 'print the names of the cases and measure nothing' },
  name: {
    type: 'string',
    description: 'name of the files in apps/bench/results (default: the cases, or all)',
    valueHint: 'name',
  },
  quick: { type: 'boolean', description: 'three short rounds, and 0.67 of the bounds on speed; keeps no results' },
  strict: { type: 'boolean', description: 'exit with 1 when a bound is missed or a case of ours fails' },
  threads: { type: 'string', description: 'threads of all participants', valueHint: 'number' },
} as const

/** The command line, read. */
export interface BenchOptions {
  readonly words: readonly string[]
  readonly json: boolean
  readonly list: boolean
  readonly name: string
  readonly quick: boolean
  readonly strict: boolean
  readonly threads: number | undefined
}

/**
 * Reads the command line: words that name cases, and options.
 *
 * @throws {SurprisalError} `argument` naming the first argument that is wrong
 */
export function readArguments(rawArgs: readonly string[]): BenchOptions {
  const words: string[] = []
  const values: Record<string, string | true> = {}
  for (let i = 0; i < rawArgs.length; i++) {
    const arg = rawArgs[i]
    const [, flag, inline] = /^--([^=]*)(?:=(.*))?$/s.exec(arg) ?? []
    if (flag === undefined && !arg.startsWith('-')) words.push(arg)
    else if (flag === undefined || !Object.hasOwn(benchArgs, flag))
      fail(`unknown argument ${arg}; --help lists the options`)
    else if (benchArgs[flag as keyof typeof benchArgs].type === 'boolean') {
      if (inline !== undefined) fail(`--${flag} takes no value, got ${inline}`)
      values[flag] = true
    } else {
      const value = inline ?? rawArgs[++i] ?? ''
      if (value === '' || (inline === undefined && value.startsWith('--'))) fail(`--${flag} needs a value`)
      values[flag] = value
    }
  }
  return {
    words,
    json: values.json === true,
    list: values.list === true,
    name: fileName(values.name ?? (words.length > 0 ? words.join('+').replaceAll('/', '-') : 'all')),
    quick: values.quick === true,
    strict: values.strict === true,
    threads: threadCount(values.threads),
  }
}

function fileName(value: string | true): string {
  const name = String(value)
  return /^[\w+-][\w.+-]*$/.test(name) ? name : fail(`--name must be letters, digits and .+-_ only, got ${name}`)
}

function threadCount(value: string | true | undefined): number | undefined {
  if (value === undefined) return undefined
  const threads = /^\d{1,3}$/.test(String(value)) ? Number(value) : 0
  return threads >= 1 && threads <= 64 ? threads : fail(`--threads must be a whole number from 1 to 64, got ${value}`)
}

function fail(problem: string): never {
  throw new SurprisalError('argument', `bench: ${problem}`)
}
