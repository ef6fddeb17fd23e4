import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Makes the workspace know a package that was just written: root dependency, format, links in node_modules. */
export function finish(root: string, folder: string): string {
  addRootDependency(join(root, 'package.json'), `@surprisal/${folder}`)
  const tool = (name: string, args: string[]) =>
    spawnSync(process.execPath, [join(root, 'node_modules', name), ...args], { cwd: root, encoding: 'utf8' })
  tool('@biomejs/biome/bin/biome', ['check', '--write', `packages/${folder}`, 'package.json'])
  if (process.env.SURPRISAL_GEN_NO_INSTALL) return `wrote packages/${folder}`

  const install = tool('pnpm/bin/pnpm.cjs', ['install', '--prefer-offline', '--no-frozen-lockfile'])
  const next = install.status === 0 ? 'npm test' : 'npx pnpm install, then npm test'
  return `wrote packages/${folder}; now edit it and run: ${next}`
}

/** The root depends on every package, so that evidence, benchmarks and examples find it. */
function addRootDependency(path: string, name: string): void {
  const manifest = JSON.parse(readFileSync(path, 'utf8'))
  const dependencies = Object.entries({ ...manifest.devDependencies, [name]: 'workspace:*' })
  manifest.devDependencies = Object.fromEntries(dependencies.sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`)
}
