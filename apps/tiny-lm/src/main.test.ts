import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const cli = fileURLToPath(new URL('cli.ts', import.meta.url))
let folder: string

const run = (...args: string[]) => {
  const options = { encoding: 'utf8', cwd: folder } as const
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@surprisal/source', cli, ...args],
    options,
  )
  return { status, stdout, stderr }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'surprisal-lm-cli-'))
  const lines = Array.from({ length: 900 }, (_, i) => `line ${i} of ${(i * 37) % 101} tells of ${(i * i) % 97} things.`)
  writeFileSync(join(folder, 'text.txt'), lines.join('\n'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('surprisal-lm', () => {
  it('explains itself and its commands', () => {
    expect(run('--help').stdout).toContain('surprisal-lm train|sample|eval|export')
    expect(run('sample', '--help').stdout).toContain('--temperature')
  })

  it('refuses wrong arguments with exit code 2', () => {
    expect(run('paint')).toMatchObject({
      status: 2,
      stderr: 'Error: tiny-lm: command must be train, sample, eval, export, got paint\n',
    })
    expect(run('train', '--stepz', '3')).toMatchObject({ status: 2, stdout: '' })
    expect(run('sample', '--model', 'none')).toMatchObject({ status: 1, stdout: '' })
    expect(run('eval', '--device', 'tpu').stderr).toBe('Error: tiny-lm: --device must be cpu or webgpu, got tpu\n')
  })

  it('trains, evaluates and writes', () => {
    const trained = run('train', 'text.txt', '--steps', '2', '--json')
    expect(trained.stderr).toContain('A model of')
    const { evaluation, losses } = JSON.parse(trained.stdout)
    expect(losses).toHaveLength(2)
    const report = JSON.parse(run('eval', 'text.txt', '--json').stdout)
    expect(report.natsPerCharacter).toBeLessThan(evaluation.natsPerCharacter * 2)
    expect(run('eval', 'text.txt').stdout).toMatch(/^[\d.]+ nats per character\n[\d.]+ bits per byte\n/)
    const [first, second] = [1, 1].map(() => run('sample', '--prompt', 'line', '--length', '8', '--seed', '4'))
    expect(first).toMatchObject({ status: 0 })
    expect(first.stdout.startsWith('line')).toBe(true)
    expect(second.stdout).toBe(first.stdout)
    const { texts } = JSON.parse(run('sample', '--count', '2', '--length', '4', '--json').stdout)
    expect(texts).toHaveLength(2)
    const bytes = (...more: string[]) => JSON.parse(run('export', '--json', ...more).stdout).bytes
    expect(bytes('--to', 'small', '--int8')).toBeLessThan(0.75 * bytes('--to', 'whole'))
    const rounded = JSON.parse(run('eval', 'text.txt', '--model', 'small', '--json').stdout)
    expect(rounded.natsPerCharacter).toBeCloseTo(report.natsPerCharacter, 2)
    expect(run('export', '--to', 'tiny-lm').stderr).toContain('--to must be another folder than --model, got tiny-lm')
  }, 120_000)
})
