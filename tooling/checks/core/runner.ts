import { type Fingerprints, readSuccess, writeSuccess } from './cache.ts'
import type { Check, Outcome } from './check.ts'

export interface RunOptions {
  fingerprints: Fingerprints
  /** Whether a success remembered from an unchanged tree counts. */
  cache: boolean
  /** Where successes are remembered. @default below node_modules/.cache */
  cacheFolder?: string
  print(text: string): void
}

export interface Tally {
  passed: number
  failed: number
  failedChecks: string[]
}

/** Runs checks one after the other, prints a line for each, and counts. */
export async function runChecks(checks: Check[], options: RunOptions): Promise<Tally> {
  const width = Math.max(...checks.map(check => check.name.length)) + 2
  const tally: Tally = { passed: 0, failed: 0, failedChecks: [] }
  for (const check of checks) {
    options.print(check.name.padEnd(width))
    const missing = check.needs?.find(name => tally.failedChecks.includes(name))
    if (missing) {
      options.print(`skipped  ${missing} failed\n`)
      continue
    }
    const key = options.fingerprints.of(check)
    const known = options.cache && check.inputs ? readSuccess(check.name, options.cacheFolder) : undefined
    if (known?.key === key) {
      options.print(`cached${countOf(known.passed)}\n`)
      tally.passed += known.passed
      continue
    }
    const start = performance.now()
    const outcome = await attempt(check)
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    const passed = outcome.passed ?? (outcome.ok ? 1 : 0)
    tally.passed += passed
    if (outcome.ok) {
      const { notRun = [] } = outcome
      if (check.inputs && notRun.length === 0) writeSuccess(check.name, { key, passed }, options.cacheFolder)
      options.print(`ok       ${seconds} s${countOf(passed)}\n${notRun.map(line => `    not run: ${line}\n`).join('')}`)
    } else {
      tally.failed += Math.max(1, outcome.failed ?? 1)
      tally.failedChecks.push(check.name)
      options.print(`FAILED   ${seconds} s\n${indent(outcome.output)}\n`)
    }
  }
  return tally
}

async function attempt(check: Check): Promise<Outcome> {
  try {
    return await check.run()
  } catch (error) {
    return { ok: false, output: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

function countOf(passed: number): string {
  return passed > 1 ? `   ${passed} tests` : ''
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '    ')
}
