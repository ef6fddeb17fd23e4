import { type Check, outcomeOf } from './core/check.ts'
import { command } from './core/command.ts'
import { projectFiles } from './core/files.ts'

export const formatAndLint: Check = {
  name: 'format+lint',
  what: 'biome: one format, no suspicious code (pnpm format mends most of it)',
  inputs: path => !path.endsWith('.md'),
  run: () => command('biome', ['check', '--error-on-warnings', '--max-diagnostics=50', '.']),
}

export const types: Check = {
  name: 'types',
  what: 'tsc over every source, test and tool',
  inputs: path => /\.(ts|tsx|json)$/.test(path) && !path.includes('/vectors/'),
  run: async () => {
    const projects = projectFiles().filter(path => /(^|\/)tsconfig(\.\w+)?\.json$/.test(path))
    const results = []
    for (const project of projects) results.push(await command('tsc', ['--noEmit', '-p', project]))
    return outcomeOf(results.filter(result => !result.ok).map(result => result.output))
  },
}

export const knip: Check = {
  name: 'knip',
  what: 'no file, export or dependency that nothing uses',
  inputs: path => /\.(ts|tsx|mjs|json|yaml)$/.test(path) && !path.includes('/vectors/'),
  run: () => command('knip', ['--no-progress', '--no-config-hints']),
}
