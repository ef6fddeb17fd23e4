import type { Check } from '../core/check.ts'
import { command } from '../core/command.ts'

export const changesets: Check = {
  name: 'changesets',
  what: 'every changed package has a changeset (pnpm changeset adds one)',
  run: async () => {
    const since = await firstCommitOf(['main', 'origin/main', 'HEAD'])
    return command('changeset', since ? ['status', `--since=${since}`] : ['status'])
  },
}

/** The first of the names that git knows here: a clone by a build machine often lacks a local main. */
async function firstCommitOf(names: string[]): Promise<string | undefined> {
  for (const name of names) {
    const known = await command('git', ['rev-parse', '--verify', '--quiet', `${name}^{commit}`])
    if (known.ok) return name
  }
  return undefined
}
