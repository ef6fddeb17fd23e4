import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Node 24, which the workspace brings along as a development dependency: it runs TypeScript sources directly. */
export const workspaceNode = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** The package.json files of the workspace, relative to the root and sorted. */
export function manifests() {
  const members = ['packages', 'apps', 'tooling'].flatMap(folder =>
    readdirSync(join(root, folder)).map(name => `${folder}/${name}/package.json`),
  )
  return ['package.json', ...members].filter(path => existsSync(join(root, path))).sort()
}

/** The environment in which the tools of the workspace are found before those of the machine. */
export function workspaceEnvironment() {
  const bin = [join(root, 'node_modules/.bin'), join(root, 'node_modules/node/bin')].join(delimiter)
  return {
    ...process.env,
    PATH: bin + delimiter + process.env.PATH,
    TURBO_TELEMETRY_DISABLED: '1',
    SURPRISAL_USER_NODE: process.env.SURPRISAL_USER_NODE ?? process.execPath,
  }
}
