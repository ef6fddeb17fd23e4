import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { SurprisalError } from '@surprisal/tensor'
import pc from 'picocolors'
import { evidenceText } from './evidence-text.ts'
import type { Evidence } from './experiment.ts'
import { findExperiments } from './find-experiments.ts'
import { runExperiment } from './run-experiment.ts'

const help = `Runs the experiments of published methods: the claim of the paper against its baseline, over several seeds.

USAGE evidence [OPTIONS] [SLUGS...]

  SLUGS     which experiments; all without any
  --list    print their names
  --json    print results as JSON on standard output

Exit code 0 whatever the verdicts are: a claim that does not hold is a result.`

function readArguments(rawArgs: readonly string[]) {
  const flag = { type: 'boolean' } as const
  try {
    const options = { list: flag, json: flag, help: { ...flag, short: 'h' } }
    return parseArgs({ args: [...rawArgs], options, allowPositionals: true })
  } catch (cause) {
    const [problem] = (cause as Error).message.split('. ')
    throw new SurprisalError('argument', `evidence: ${problem}; --help lists the options`, { cause })
  }
}

/**
 * Runs the experiments that the command line names.
 * @param root folder whose packages are searched. @default this workspace
 * @returns the exit code
 */
export async function main(rawArgs: readonly string[], root = fileURLToPath(new URL('../../../..', import.meta.url))) {
  const { values, positionals } = readArguments(rawArgs)
  if (values.help) {
    console.log(help)
    return 0
  }
  const found = await findExperiments(root, positionals)
  if (values.list) {
    console.log(found.map(({ slug }) => slug).join('\n'))
    return 0
  }
  const colors = pc.createColors(Boolean(process.stdout.isTTY) && !process.env.NO_COLOR)
  const results: Evidence[] = []
  for (const one of found) {
    const told = (done: number, seeds: number) => {
      if (process.stderr.isTTY)
        process.stderr.write(`\r${one.slug}: ${done} of ${seeds} seeds${done === seeds ? '\n' : ''}`)
    }
    const evidence = await runExperiment(one, told)
    results.push(evidence)
    if (!values.json) console.log(`${evidenceText(evidence, colors)}\n`)
  }
  if (values.json) console.log(JSON.stringify({ experiments: results }, null, 2))
  return 0
}
