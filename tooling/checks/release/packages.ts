import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Check, type Outcome, outcomeOf } from '../core/check.ts'
import { command } from '../core/command.ts'
import { root } from '../core/files.ts'
import { type Member, publishedPackages } from '../core/workspace.ts'
import { checkConsumer } from './consumer.ts'

/** A package as npm would get it. */
export interface Tarball {
  member: Member
  file: string
}

export const packages: Check = {
  name: 'packages',
  what: 'publint and attw on the tarballs, which then install, import and type-check in an empty project',
  needs: ['build'],
  inputs: path => /^(packages\/[^/]+\/(src\/|package\.json|tsup)|tooling\/(build|typescript)\/)/.test(path),
  run: async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'surprisal-packages-'))
    try {
      return await checkTarballs(scratch)
    } finally {
      rmSync(scratch, { recursive: true, force: true })
    }
  },
}

async function checkTarballs(scratch: string): Promise<Outcome> {
  const tarballs: Tarball[] = []
  const problems: string[] = []
  mkdirSync(join(scratch, 'tarballs'))
  for (const member of publishedPackages()) {
    const file = join(scratch, 'tarballs', `${member.manifest.name.replaceAll(/\W+/g, '-')}.tgz`)
    const results = [
      await command('pnpm', ['pack', '--out', file], { cwd: join(root, member.folder) }),
      await command('publint', ['run', file, '--strict']),
      await command('attw', [
        file,
        '--profile',
        'esm-only',
        '--no-definitely-typed',
        '--no-emoji',
        '--format',
        'ascii',
      ]),
    ]
    problems.push(...results.filter(result => !result.ok).map(result => `${member.folder}\n${result.output}`))
    tarballs.push({ member, file })
  }
  if (problems.length === 0) problems.push(...(await checkConsumer(tarballs, join(scratch, 'consumer'))))
  return outcomeOf(problems)
}
