import { parseArgs } from 'node:util'
import { SurprisalError } from '@surprisal/tensor'

/** What `--help` prints. */
export const usage = `pnpm playground [options]

Builds the playground, serves it on this machine and opens it in the browser, until Ctrl-C.

  --port <number>  port of the page, 0 for any free one (default: 4174)
  --no-open        only print the address
  --help           print this

Exit codes: 0, 1 for a failure.`

/** What the command line asks for. */
export interface PlaygroundArguments {
  readonly port: number
  readonly open: boolean
  readonly help: boolean
}

/** @throws {SurprisalError} `argument` naming what is wrong */
export function readArguments(args: readonly string[]): PlaygroundArguments {
  const { values } = parse(args)
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN
  if (!(port <= 65535))
    throw new SurprisalError(
      'argument',
      `playground: --port must be a whole number from 0 to 65535, got ${values.port}`,
    )
  return { port, open: values.open, help: values.help }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        port: { type: 'string', default: '4174' },
        open: { type: 'boolean', default: true },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (cause) {
    const [problem] = (cause as Error).message.split('. ')
    throw new SurprisalError('argument', `playground: ${problem}; --help lists the options`, { cause })
  }
}
