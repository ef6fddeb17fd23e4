import { type Check, outcomeOf } from '../core/check.ts'
import { command } from '../core/command.ts'
import { projectFiles, readText } from '../core/files.ts'
import { publishedPackages } from '../core/workspace.ts'

export const changesets: Check = {
  name: 'changesets',
  what: 'every package changed since main has a pending changeset (pnpm changeset adds one)',
  run: async () => {
    const base = await firstCommitOf(['main', 'origin/main', 'HEAD'])
    if (!base) return { ok: true, output: '' }
    // A clone of a build machine often lacks a local main, which is what changesets compare with unless told.
    const status = await command('changeset', ['status', ...(base === 'main' ? [] : [`--since=${base}`])])
    if (!status.ok) return status
    const files = projectFiles()
    const pending = files.filter(path => /^\.changeset\/(?!README).*\.md$/.test(path)).map(path => readText(path))
    return outcomeOf(
      withoutChangeset(await changedSince(base), pending).map(
        name => `${name} changed since ${base}, and no changeset says how; pnpm changeset adds one`,
      ),
    )
  },
}

/** Names of the published packages among whose shipped files some changed, and which no pending changeset mentions. */
export function withoutChangeset(changed: string[], pending: string[], packages = publishedPackages()): string[] {
  const mentioned = new Set(
    pending.flatMap(text => [...text.matchAll(/^['"]?(@[\w-]+\/[\w-]+)['"]?:/gm)].map(([, name]) => name)),
  )
  return packages
    .filter(({ folder }) => changed.some(path => isShipped(path, folder)))
    .map(({ manifest }) => manifest.name)
    .filter(name => !mentioned.has(name))
}

function isShipped(path: string, folder: string): boolean {
  if (path === `${folder}/package.json`) return true
  return path.startsWith(`${folder}/src/`) && !path.endsWith('.test.ts')
}

/** Files that differ from where this branch left the other, in commits or not yet in one. */
async function changedSince(base: string): Promise<string[]> {
  const fork = (await command('git', ['merge-base', base, 'HEAD'])).stdout.trim() || base
  const lists = [
    await command('git', ['diff', '--name-only', fork]),
    await command('git', ['ls-files', '--others', '--exclude-standard']),
  ]
  return lists.flatMap(list => list.stdout.split('\n')).filter(path => path !== '')
}

/** The first of the names that git knows here. */
async function firstCommitOf(names: string[]): Promise<string | undefined> {
  for (const name of names) {
    const known = await command('git', ['rev-parse', '--verify', '--quiet', `${name}^{commit}`])
    if (known.ok) return name
  }
  return undefined
}
