import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const usage = `pnpm gen loss <name>       a loss as a package of its own, packages/loss-<name>
pnpm gen package <name>    a package of methods, packages/<name>

<name> is written-like-this: lower-case words joined by hyphens.`

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Why the request cannot be fulfilled, or nothing. */
function problemWith(kind: string | undefined, name: string | undefined): string | undefined {
  if (kind !== 'loss' && kind !== 'package') return `what to generate must be loss or package, got ${kind ?? 'nothing'}`
  if (!name || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    return `<name> must be written-like-this, got ${name ?? 'nothing'}`
  const folder = kind === 'loss' ? `packages/loss-${name}` : `packages/${name}`
  return existsSync(join(root, folder, 'package.json')) ? `${folder} exists already` : undefined
}

const [kind, name, ...rest] = process.argv.slice(2)
const problem = rest.length > 0 ? `one name at a time, got also ${rest.join(' ')}` : problemWith(kind, name)
if (problem) {
  console.error(`gen: ${problem}\n\n${usage}`)
  process.exit(1)
}
const generator = join(root, 'node_modules/@turbo/gen/dist/cli.js')
const config = join(root, 'tooling/generators/config.ts')
const args = [generator, 'run', kind, '--root', root, '--config', config, '--args', name]
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
process.exit(status ?? 1)
