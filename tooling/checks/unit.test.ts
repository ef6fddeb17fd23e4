import { describe, expect, it } from 'vitest'
import { readMembers } from './core/workspace.ts'
import { foldersUsedBy, unitChecks } from './unit.ts'

const texts: Record<string, string> = {
  'apps/search/package.json': '{"name": "@surprisal/search", "dependencies": {"@surprisal/losses": "workspace:*"}}',
  'apps/search/src/a.test.ts': '',
  'packages/losses/package.json': '{"name": "@surprisal/losses"}',
  'packages/losses/src/a.ts': "import { Tensor } from '@surprisal/tensor'",
  'packages/losses/src/a.test.ts': "import { gradcheck } from '@surprisal/testing'",
  'packages/tensor/package.json': '{"name": "@surprisal/tensor"}',
  'packages/tensor/src/a.test.ts': '',
  'packages/testing/package.json': '{"name": "@surprisal/testing"}',
  'packages/testing/src/a.ts': "import { Tensor } from '@surprisal/tensor'",
}
const read = (path: string) => texts[path]
const members = readMembers(Object.keys(texts), read)
const member = (folder: string) => members.find(found => found.folder === folder)!

describe('foldersUsedBy', () => {
  it('follows names in sources, tests and manifests', () => {
    expect([...foldersUsedBy(member('packages/losses'), members, read)].sort()).toEqual([
      'packages/losses',
      'packages/tensor',
      'packages/testing',
    ])
    expect(foldersUsedBy(member('apps/search'), members, read)).toContain('packages/tensor')
  })

  it('finds a package that uses no other to use only itself', () => {
    expect([...foldersUsedBy(member('packages/tensor'), members, read)]).toEqual(['packages/tensor'])
  })
})

describe('unitChecks', () => {
  const checks = unitChecks(members, read)

  it('makes one check for each member with tests, and one for the tooling', () => {
    expect(checks.map(check => check.name)).toEqual(['unit:search', 'unit:losses', 'unit:tensor', 'unit:tooling'])
  })

  it('runs again when a file of a used package changes, and not for prose or other packages', () => {
    const [, losses, tensor] = checks
    expect(losses.inputs?.('packages/tensor/src/b.ts')).toBe(true)
    expect(losses.inputs?.('vitest.config.ts')).toBe(true)
    expect(losses.inputs?.('packages/losses/README.md')).toBe(false)
    expect(tensor.inputs?.('packages/losses/src/a.ts')).toBe(false)
  })
})
