import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { SurprisalError } from '@surprisal/tensor'
import { defineCommand, renderUsage } from 'citty'
import pc from 'picocolors'
import { discover, type FoundCase, select } from './case/discover.ts'
import { describeMachine } from './machine/describe.ts'
import { type MachineLimits, measureMachine } from './machine/limits.ts'
import { adapterText, ownProblem } from './report/format.ts'
import { type Report, toJson } from './report/json.ts'
import type { CaseResult } from './run/case-result.ts'
import { runCase } from './run/run-case.ts'
import { benchArgs, readArguments } from './terminal/arguments.ts'
import { caseText, summaryText } from './terminal/tables.ts'

const folderOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** What `--quick` changes. */
const quickRun = { rounds: 3, roundMs: 10, warmUpMs: 100, budgetSeconds: 10, slack: 0.67 }

const command = defineCommand({
  meta: {
    name: 'bench',
    description:
      'Measures cases of all packages beside their peers. Words name cases: a package, a case, or a part of its name; without any, all are run.',
  },
  args: benchArgs,
})

/**
 * Runs the benchmarks that the command line names.
 *
 * @param rawArgs arguments without the name of the program
 * @param root folder whose packages are searched. @default this workspace
 * @returns the exit code
 */
export async function main(rawArgs: readonly string[], root = folderOf('../../..')): Promise<number> {
  const colors = pc.createColors(Boolean(process.stdout.isTTY) && !process.env.NO_COLOR)
  if (rawArgs.includes('--help') || rawArgs.includes('-h')) {
    const usage = await renderUsage(command)
    console.log(colors.isColorSupported ? usage : stripVTControlCharacters(usage))
    return 0
  }
  const options = readArguments(rawArgs)
  const found = select(await discover(root), options.words)
  if (options.list) {
    console.log(found.map(({ id }) => id).join('\n'))
    return 0
  }

  const print = (text: string) => (options.json ? console.error : console.log)(text)
  const limits: MachineLimits = { ...measureMachine(), adapter: await adapterFor(found) }
  const machine = describeMachine(limits)
  print(
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.load}; one core within wasm: ` +
      `${machine.copyGBs} GB/s copied, ${machine.fmaGflops} GFLOP/s of ${limits.fused ? 'fused ' : ''}multiply-adds\n`,
  )
  if (machine.adapter) print(`${adapterText(machine.adapter)}\n`)
  const cases: CaseResult[] = []
  for (const one of found) {
    const say = (step: string) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${one.id}: ${step}`)
    const result = await runCase(one, limits, { ...(options.quick ? quickRun : {}), threads: options.threads, say })
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
    cases.push(result)
    print(`${caseText(result, colors)}\n`)
  }
  print(summaryText(cases, colors))

  const report: Report = { name: options.name, machine, cases }
  if (options.json) console.log(JSON.stringify(toJson(report), null, 2))
  if (!options.quick) {
    const { writeReport } = await import('./report/write-report.ts')
    print(`Written to ${writeReport(folderOf('../results'), report)}.{json,md,html}`)
  }
  const isClean = cases.every(result => ownProblem(result) === null && result.checks.every(check => check.met))
  return options.strict && !isClean ? 1 : 0
}

/** The GPU, where a case asks for one. */
async function adapterFor(cases: readonly FoundCase[]) {
  if (!cases.some(({ benchCase }) => benchCase.device === 'webgpu')) return undefined
  const { measureAdapter } = await import('./gpu/adapter.ts')
  return measureAdapter()
}

/** What went wrong in one line; where it is a mistake of this program, also the place. */
export function describeError(error: Error): string {
  return error instanceof SurprisalError ? error.message : (error.stack ?? error.message)
}
