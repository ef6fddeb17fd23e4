import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('gen.ts', import.meta.url))

describe('pnpm gen', () => {
  it.each([
    [[], 'what to generate must be loss or package, got nothing'],
    [['app', 'x'], 'what to generate must be loss or package, got app'],
    [['loss'], '<name> must be written-like-this, got nothing'],
    [['loss', 'FocalTversky'], '<name> must be written-like-this, got FocalTversky'],
    [['package', '../escape'], '<name> must be written-like-this, got ../escape'],
    [['package', 'tensor'], 'packages/tensor exists already'],
    [['loss', 'a', 'b'], 'one name at a time, got also b'],
  ])('refuses %o', (args, message) => {
    const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toContain(`gen: ${message}\n`)
    expect(stderr).toContain('pnpm gen loss <name>')
  })
})
