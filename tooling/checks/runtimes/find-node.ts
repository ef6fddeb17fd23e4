import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command } from '../core/command.ts'

const isWindows = process.platform === 'win32'

/** The package with the binary for this system, which npm's package `node` would install. */
const binaryPackage = `node-${isWindows ? 'win' : process.platform}-${process.arch}`

/** Options of {@link findNode}. */
export interface FindNodeOptions {
  /** Where binaries are kept. Default: the temporary directory */
  readonly parent?: string
  /** Environment variables for npm. Default: none but those of this process */
  readonly env?: Record<string, string>
}

/** The path of Node in this version, downloaded from the package registry once for a machine; null where it is not to be had. */
export async function findNode(version: string, options: FindNodeOptions = {}): Promise<string | null> {
  const { parent = tmpdir(), env = {} } = options
  const folder = join(parent, `surprisal-node-${version}-${process.getuid?.() ?? 0}`)
  const binary = join('node_modules', binaryPackage, 'bin', isWindows ? 'node.exe' : 'node')
  if (existsSync(join(folder, binary))) return join(folder, binary)
  const aside = await mkdtemp(`${folder}.`)
  const args = ['install', `${binaryPackage}@${version}`, '--prefix', aside, '--ignore-scripts', '--no-audit']
  await command(isWindows ? 'npm.cmd' : 'npm', args, {
    cwd: aside,
    env: { npm_config_fetch_retries: '1', npm_config_update_notifier: 'false', ...env },
    seconds: 180,
  })
  if (existsSync(join(aside, binary))) await rename(aside, folder).catch(() => {})
  await rm(aside, { recursive: true, force: true })
  return existsSync(join(folder, binary)) ? join(folder, binary) : null
}
