import { describe, expect, it } from 'vitest'
import type { Member } from '../core/workspace.ts'
import { withoutChangeset } from './changesets.ts'

const packages: Member[] = ['losses', 'metric-learning'].map(name => ({
  folder: `packages/${name}`,
  manifest: { name: `@surprisal/${name}` },
  files: [],
}))
const missing = (changed: string[], ...pending: string[]) => withoutChangeset(changed, pending, packages)

describe('withoutChangeset', () => {
  it('names packages whose shipped files changed', () => {
    expect(missing(['packages/losses/src/a.ts', 'README.md'])).toEqual(['@surprisal/losses'])
    expect(missing(['packages/metric-learning/package.json'])).toEqual(['@surprisal/metric-learning'])
  })

  it('is content with a changeset that mentions them, however it quotes', () => {
    const changed = ['packages/losses/src/a.ts', 'packages/metric-learning/src/a.ts']
    expect(
      missing(changed, '---\n"@surprisal/losses": minor\n---\n', "---\n'@surprisal/metric-learning': patch\n---\n"),
    ).toEqual([])
    expect(
      missing(changed, '---\n"@surprisal/losses": minor\n---\nAbout @surprisal/metric-learning: nothing.\n'),
    ).toEqual(['@surprisal/metric-learning'])
  })

  it('asks for none for tests, vectors, evidence and prose', () => {
    const changed = ['src/a.test.ts', 'vectors/a.json', 'evidence/a.ts', 'README.md'].map(
      path => `packages/losses/${path}`,
    )
    expect(missing(changed)).toEqual([])
  })
})
