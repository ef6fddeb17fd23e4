#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { SurprisalError, setDeterministic, setExecutor, setThreads, threadUse } from '@surprisal/tensor'
import { registerReference } from '@surprisal/tensor/reference'
import { type FileReport, runVectors } from '../vectors/run.ts'

const help = `Usage: vectors <directory or file> [options]

Runs every *.json conformance file at or below the path. The folder that a file stands in names the package.

Options:
  --backend <name>  what computes: wasm (default), reference, or webgpu in software (with
                    SURPRISAL_GPU=native on the machine's own GPU)
  --limits <name>   of a device: adapter (default), or minimum, which every device has, without features
  --threads <n>     so many threads share every kernel, however small it is
  --deterministic   without relaxed SIMD
  --bits            add a digest of each case's results and what threads did to the JSON
  --json            print the report as JSON
  --strict          a function that is not exported yet counts as a failure
  --help            this text

Exit code: 0 when nothing failed, 1 when a case failed, 2 for wrong arguments.`

function printTable(files: readonly FileReport[]): void {
  const width = Math.max(4, ...files.map(file => file.file.length))
  console.log(`${'file'.padEnd(width)}  passed  failed  not built`)
  for (const file of files) {
    const counts = [file.passed, file.failed, file.notBuilt].map((n, i) => String(n).padStart([6, 6, 9][i])).join('  ')
    console.log(
      `${file.file.padEnd(width)}  ${counts}${file.missing.length > 0 ? `  (${file.missing.join(', ')})` : ''}`,
    )
  }
  for (const file of files)
    for (const failure of file.failures) {
      console.log(`\nFAILED ${file.file}: ${failure.case}`)
      for (const problem of failure.problems) console.log(`  ${problem}`)
    }
}

/** Modules that make another device compute, loaded by name so that nobody else has to install them. */
const devices: Readonly<Record<string, string>> = { webgpu: '@surprisal/webgpu-runtime/software' }

/** Limits of a device and what else they stand for. */
const limitsOptions: Readonly<Record<string, object>> = {
  adapter: {},
  minimum: { limits: 'minimum', features: [] },
}

/**
 * Makes the backend of that name compute.
 * @returns what ends it
 */
async function useBackend(name: string, limits: string): Promise<() => void> {
  if (!Object.hasOwn(limitsOptions, limits))
    throw new SurprisalError('argument', `vectors: --limits must be adapter or minimum, got ${limits}`)
  if (Object.hasOwn(devices, name)) {
    const { useForTests }: { useForTests(options: object): Promise<() => void> } = await import(devices[name])
    return useForTests(limitsOptions[limits])
  }
  setExecutor(name)
  return () => {}
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      backend: { type: 'string', default: 'wasm' },
      limits: { type: 'string', default: 'adapter' },
      threads: { type: 'string' },
      deterministic: { type: 'boolean', default: false },
      bits: { type: 'boolean', default: false },
      json: { type: 'boolean' },
      strict: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    console.log(help)
    return 0
  }
  if (positionals.length !== 1) {
    console.error(`vectors: expected one directory or file, got ${positionals.length}\n\n${help}`)
    return 2
  }
  registerReference()
  const end = await useBackend(values.backend, values.limits)
  if (values.threads) setThreads(Number(values.threads), { eager: true })
  setDeterministic(values.deterministic)
  const report = await runVectors(positionals[0], { bits: values.bits }).finally(end)
  if (values.json) {
    console.log(JSON.stringify(values.bits ? { ...report, use: threadUse() } : report, null, 2))
  } else {
    printTable(report.files)
    console.log(`\n${report.passed} passed, ${report.failed} failed, ${report.notBuilt} not built`)
  }
  return report.failed > 0 || (values.strict && report.notBuilt > 0) ? 1 : 0
}

main().then(
  code => {
    process.exitCode = code
  },
  error => {
    console.error(error instanceof SurprisalError || error.code?.startsWith('ERR_PARSE_ARGS') ? error.message : error)
    process.exitCode = 2
  },
)
