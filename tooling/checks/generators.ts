import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { type Check, outcomeOf } from './core/check.ts'
import { command } from './core/command.ts'
import { projectFiles, root } from './core/files.ts'

const generated = [
  { kind: 'loss', name: 'generated-example', folder: 'loss-generated-example' },
  { kind: 'package', name: 'generated-methods', folder: 'generated-methods' },
]

/** The tools stand on these, and a new package on the first two. */
const members = ['packages/tensor', 'packages/testing', 'packages/webgpu-runtime', 'tooling/browser', 'tooling/build']
/** Their installed dependencies are those of the original. */
const dependent = ['packages/webgpu-runtime', 'tooling/browser']
const copied =
  /^([^/]+\.(json|yaml|ts)|\.gitignore|tooling\/.*|packages\/(tensor|testing|webgpu-runtime)\/(?!bench\/).*)$/

export const generators: Check = {
  name: 'gen',
  what: 'pnpm gen loss and pnpm gen package, in a copy of the workspace, write what passes the checks',
  needs: ['format+lint', 'types', 'structure', 'knip', 'vectors', 'examples'],
  inputs: path => copied.test(path),
  run: async () => {
    const copy = mkdtempSync(join(tmpdir(), 'surprisal-gen-'))
    try {
      copyWorkspace(copy)
      return outcomeOf(await generateAndCheck(copy))
    } finally {
      rmSync(copy, { recursive: true, force: true })
    }
  },
}

async function generateAndCheck(copy: string): Promise<string[]> {
  const inCopy = (args: string[]) =>
    command(process.execPath, args, { cwd: copy, env: { SURPRISAL_GEN_NO_INSTALL: '1' } })
  for (const { kind, name, folder } of generated) {
    const result = await inCopy(['tooling/generators/gen.ts', kind, name])
    if (!result.ok) return [result.output]
    linkMember(copy, `packages/${folder}`)
  }
  const units = generated.map(({ folder }) => `unit:${folder}`)
  const checks = ['format+lint', 'types', 'structure', 'vectors', 'examples', ...units]
  const workspaces = generated.flatMap(({ folder }) => ['--workspace', `packages/${folder}`])
  const results = [
    await inCopy(['tooling/checks/cli.ts', '--no-cache', ...checks]),
    await command('knip', ['--no-progress', '--no-config-hints', ...workspaces], { cwd: copy }),
  ]
  return results.filter(result => !result.ok).map(result => result.output)
}

/** The tools and what a new package stands on; installed packages are links to those of the original. */
function copyWorkspace(copy: string): void {
  for (const path of projectFiles().filter(file => copied.test(file))) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    copyFileSync(join(root, path), join(copy, path))
  }
  const modules = join(root, 'node_modules')
  mkdirSync(join(copy, 'node_modules/@surprisal'), { recursive: true })
  for (const name of readdirSync(modules).filter(entry => entry === '.bin' || !/^\.|^@surprisal$/.test(entry))) {
    symlinkSync(join(modules, name), join(copy, 'node_modules', name))
  }
  for (const folder of members) linkMember(copy, folder)
  for (const folder of dependent) linkDependencies(copy, folder)
}

function linkDependencies(copy: string, folder: string): void {
  const [from, to] = [root, copy].map(place => join(place, folder, 'node_modules'))
  mkdirSync(to)
  for (const name of readdirSync(from).filter(entry => !/^\.|^@surprisal$/.test(entry)))
    symlinkSync(join(from, name), join(to, name))
}

function linkMember(copy: string, folder: string): void {
  symlinkSync(join(copy, folder), join(copy, 'node_modules/@surprisal', basename(folder)))
}
