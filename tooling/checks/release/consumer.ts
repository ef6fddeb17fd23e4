import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command } from '../core/command.ts'
import { root } from '../core/files.ts'
import type { Member } from '../core/workspace.ts'
import type { Tarball } from './packages.ts'

const compilerOptions = {
  target: 'ES2023',
  lib: ['ES2024', 'ESNext.Disposable', 'DOM'],
  module: 'NodeNext',
  strict: true,
  noEmit: true,
  types: [],
}

/** Installs the tarballs into an empty project, imports every entry point, and type-checks a file that does the same. */
export async function checkConsumer(tarballs: Tarball[], folder: string): Promise<string[]> {
  const entries = tarballs.flatMap(({ member }) => entryPoints(member))
  writeProject(tarballs, entries, folder)

  const install = await command('pnpm', ['install', '--prefer-offline', '--ignore-scripts'], { cwd: folder })
  if (!install.ok) return [`the tarballs do not install into an empty project\n${install.output}`]

  const steps = [
    // The Node that the person has is often older than the one the workspace brings along; libraries must run on both.
    ...new Set([process.execPath, process.env.SURPRISAL_USER_NODE ?? process.execPath]),
  ].map(node => command(node, ['consumer.js'], { cwd: folder }))
  const results = [...(await Promise.all(steps)), await command(process.execPath, [tsc, '-p', folder], { cwd: folder })]
  return results.filter(result => !result.ok).map(result => result.output)
}

const tsc = join(root, 'node_modules/typescript/bin/tsc')

function writeProject(tarballs: Tarball[], entries: string[], folder: string): void {
  const dependencies = Object.fromEntries(tarballs.map(({ member, file }) => [member.manifest.name, `file:${file}`]))
  const manifest = {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: { ...dependencies, ...foreignPeers(tarballs) },
    pnpm: { overrides: dependencies },
  }
  const imports = entries.map((entry, i) => `import * as entry${i} from '${entry}'`)
  const uses = entries.map(
    (entry, i) => `if (Object.keys(entry${i}).length === 0) throw new Error('${entry} is empty')`,
  )
  const program = [...imports, ...uses, ''].join('\n')
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }))
  writeFileSync(join(folder, 'consumer.ts'), program)
  writeFileSync(join(folder, 'consumer.js'), program)
}

/** Peers of others, optional ones as well (a subpath may need them): the workspace has them, nothing is downloaded. */
function foreignPeers(tarballs: Tarball[]): Record<string, string> {
  const names = tarballs.flatMap(({ member }) => Object.keys(member.manifest.peerDependencies ?? {}))
  const foreign = names.filter(name => !tarballs.some(({ member }) => member.manifest.name === name))
  return Object.fromEntries(foreign.map(name => [name, `link:${join(root, 'node_modules', name)}`]))
}

/** What can be imported of a package: `@surprisal/losses`, `@surprisal/losses/contract`, … */
function entryPoints({ manifest }: Member): string[] {
  const paths = typeof manifest.exports === 'object' ? Object.keys(manifest.exports) : ['.']
  return paths.filter(path => path !== './package.json').map(path => manifest.name + path.slice(1))
}
