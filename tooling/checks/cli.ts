import { parseArgs } from 'node:util'
import { Fingerprints } from './core/cache.ts'
import { projectFiles } from './core/files.ts'
import { runChecks } from './core/runner.ts'
import { selectChecks } from './core/selection.ts'
import { allChecks } from './registry.ts'

const usage = `npm test [-- <check>…] [--no-cache] [--list]

Runs the checks of the workspace, all of them or those named (unit stands for every unit:…).
A check that passed is not run again until a file that it depends upon changes.`

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    allowNegative: true,
    options: {
      cache: { type: 'boolean', default: true },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const files = projectFiles()
  const checks = selectChecks(allChecks(files), positionals)
  if (values.help || values.list) {
    console.log(values.help ? usage : checks.map(check => `${check.name.padEnd(24)}${check.what}`).join('\n'))
    return 0
  }
  console.log(
    `Running ${checks.length} checks under Node ${process.version}; npm test -- --help tells how to run some of them`,
  )
  const start = performance.now()
  const tally = await runChecks(checks, {
    fingerprints: new Fingerprints(files),
    cache: values.cache,
    print: text => process.stdout.write(text),
  })
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const verdict = tally.failedChecks.length === 0 ? 'all ok' : `FAILED: ${tally.failedChecks.join(', ')}`
  console.log(`\n${checks.length} checks in ${seconds} s, ${verdict}`)
  console.log(`${tally.passed} passed, ${tally.failed} failed`)
  return tally.failed === 0 ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(`npm test: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
