import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { main } from './main.ts'

let root: string
const printed: string[] = []

const experiment = (outcomes: string, more = '') =>
  `const outcomes = ${outcomes}
export default { claim: 'it is less', baseline: 'more', seeds: [0, 1, 2], run: seed => outcomes[seed]${more} }`

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'surprisal-evidence-'))
  const folder = join(root, 'packages/some/evidence')
  mkdirSync(folder, { recursive: true })
  mkdirSync(join(root, 'packages/none'))
  const all = '[{ method: 1, baseline: 2 }, { method: 2, baseline: 4 }, { method: 3, baseline: 6, details: { n: 7 } }]'
  writeFileSync(join(folder, 'good.ts'), experiment(all))
  writeFileSync(join(folder, 'half.ts'), experiment(all.replace('method: 1', 'method: 3')))
  writeFileSync(join(folder, 'strict.ts'), experiment(all, ', holds: ({ method }) => method < 0'))
})
afterAll(() => rmSync(root, { recursive: true }))
afterEach(() => {
  printed.length = 0
  vi.restoreAllMocks()
})

const run = async (...args: string[]) => {
  vi.spyOn(console, 'log').mockImplementation(text => void printed.push(String(text)))
  const code = await main(args, root)
  return { code, text: printed.join('\n') }
}

describe('evidence', () => {
  it('lists experiments', async () => {
    expect(await run('--list')).toEqual({ code: 0, text: 'good\nhalf\nstrict' })
  })

  it('prints claim, baseline, margin and verdict', async () => {
    const { code, text } = await run('good')
    expect(code).toBe(0)
    expect(text).toContain('good: holds')
    expect(text).toContain('claim: it is less')
    expect(text).toContain('against: more')
    expect(text).toContain('better by 50.0 % on average')
  })

  it('says what does not hold, on some seeds or on all', async () => {
    const { experiments } = JSON.parse((await run('--json')).text)
    expect(experiments.map(({ slug, verdict }: { slug: string; verdict: string }) => [slug, verdict])).toEqual([
      ['good', 'holds'],
      ['half', 'mixed'],
      ['strict', 'does not hold'],
    ])
    expect(experiments[0].seeds[2]).toEqual({ seed: 2, holds: true, method: 3, baseline: 6, details: { n: 7 } })
  })

  it('refuses names and options that there are not, and files without an experiment', async () => {
    await expect(run('other')).rejects.toThrow('evidence: slug must be one of good, half, strict, got other')
    await expect(run('--fast')).rejects.toThrow("evidence: Unknown option '--fast'; --help lists the options")
    const path = join(root, 'packages/some/evidence/empty.ts')
    writeFileSync(path, 'export default {}')
    await expect(run('empty')).rejects.toThrow(`evidence: ${path} must export { claim, baseline, seeds, run }`)
    rmSync(path)
  })

  it('explains itself', async () => {
    expect((await run('--help')).text).toContain('USAGE evidence')
  })
})
