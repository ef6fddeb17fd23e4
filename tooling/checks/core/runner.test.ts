import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Fingerprints } from './cache.ts'
import type { Check, Outcome } from './check.ts'
import { runChecks } from './runner.ts'

const check = (name: string, run: () => Promise<Outcome>, inputs?: Check['inputs']): Check => ({
  name,
  what: '',
  run,
  inputs,
})

let cacheFolder: string
beforeEach(() => {
  cacheFolder = mkdtempSync(join(tmpdir(), 'surprisal-runner-'))
})
afterEach(() => rmSync(cacheFolder, { recursive: true, force: true }))

async function report(checks: Check[], cache = true) {
  let text = ''
  const print = (part: string) => {
    text += part
  }
  const tally = await runChecks(checks, { fingerprints: new Fingerprints([]), cache, cacheFolder, print })
  return {
    ...tally,
    lines: text
      .replaceAll(/\d+\.\d s/g, 'T s')
      .trimEnd()
      .split('\n'),
  }
}

describe('runChecks', () => {
  it('prints a line for each check and counts single tests where there are some', async () => {
    const found = await report([
      check('types', async () => ({ ok: true, output: '' })),
      check('unit:nn', async () => ({ ok: true, output: '', passed: 12, failed: 0 })),
    ])
    expect(found.lines).toEqual(['types    ok       T s', 'unit:nn  ok       T s   12 tests'])
    expect(found).toMatchObject({ passed: 13, failed: 0, failedChecks: [] })
  })

  it('goes on after a failure, shows its output, and counts it', async () => {
    const found = await report([
      check('unit:nn', async () => ({ ok: false, output: 'one\n\ntwo', passed: 3, failed: 2 })),
      check('types', async () => ({ ok: true, output: '' })),
    ])
    expect(found.lines.slice(0, 4)).toEqual(['unit:nn  FAILED   T s', '    one', '', '    two'])
    expect(found).toMatchObject({ passed: 4, failed: 2, failedChecks: ['unit:nn'] })
  })

  it('says what could not run, and tries it again the next time', async () => {
    const partly = { ok: true, output: '', passed: 2, notRun: ['Node 20: no network', 'Node 22: no network'] }
    const nodes = check(
      'nodes',
      async () => partly,
      () => false,
    )
    for (const _ of [1, 2]) {
      const found = await report([nodes])
      expect(found.lines).toEqual([
        'nodes  ok       T s   2 tests',
        '    not run: Node 20: no network',
        '    not run: Node 22: no network',
      ])
      expect(found).toMatchObject({ passed: 2, failed: 0 })
    }
  })

  it('skips what needs a check that failed', async () => {
    const size = { ...check('size', async () => ({ ok: true, output: '' })), needs: ['build'] }
    const found = await report([check('build', async () => ({ ok: false, output: 'no' })), size])
    expect(found.lines.at(-1)).toBe('size   skipped  build failed')
    expect(found).toMatchObject({ passed: 0, failed: 1 })
  })

  it('counts a failure even when no single test failed', async () => {
    const crash = { ok: false, output: 'crashed', passed: 0, failed: 0 }
    expect(await report([check('unit:nn', async () => crash)])).toMatchObject({ failed: 1 })
  })

  it('takes an exception of a check for its failure', async () => {
    const found = await report([check('types', () => Promise.reject(new Error('no tsc')))])
    expect(found.failed).toBe(1)
    expect(found.lines.join('\n')).toContain('no tsc')
  })

  it('runs a check with inputs once while nothing changes, and again when asked to', async () => {
    let runs = 0
    const counted = check(
      'types',
      async () => ({ ok: true, output: '', passed: ++runs + 4 }),
      () => true,
    )
    await report([counted])
    const second = await report([counted])
    expect(second.lines[0]).toMatch(/cached {3}5 tests$/)
    expect(second.passed).toBe(5)
    await report([counted], false)
    expect(runs).toBe(2)
  })

  it('does not remember a failure', async () => {
    let runs = 0
    const failing = check(
      'types',
      async () => ({ ok: false, output: `${++runs}` }),
      () => true,
    )
    await report([failing])
    await report([failing])
    expect(runs).toBe(2)
  })
})
