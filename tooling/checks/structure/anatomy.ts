import { posix } from 'node:path'
import { readText } from '../core/files.ts'
import type { Manifest, Member } from '../core/workspace.ts'
import { isSource, type Problem, shortName, type Tree } from './model.ts'

const longestReadme = 120
const longestSource = 400
/** The engine generates code and may need more room in one place. */
const withoutLimit = new Set(['packages/tensor', 'packages/webgpu-runtime'])
/** The kit runs the vectors of others. */
const withoutVectors = new Set(['packages/testing'])

/** The parts that every published package has, and their size. */
export function anatomyProblems(tree: Tree, read = readText): Problem[] {
  const packages = tree.members.filter(member => member.folder.startsWith('packages/'))
  return [...packages.flatMap(member => packageProblems(member, read)), ...lengthProblems(tree)]
}

function packageProblems(member: Member, read: (path: string) => string): Problem[] {
  const has = (name: string) => member.files.includes(`${member.folder}/${name}`)
  const missing = ['README.md', 'tsup.config.ts', 'src/index.ts']
    .filter(name => !has(name))
    .map(name => ({ path: member.folder, message: `${name} is missing` }))
  const vectors = member.files.some(path => /^[^/]+\/[^/]+\/vectors\/.*\.json$/.test(path))
  if (!vectors && !withoutVectors.has(member.folder)) {
    missing.push({ path: member.folder, message: 'vectors/ holds no conformance file' })
  }
  const lines = has('README.md') ? countLines(read(`${member.folder}/README.md`)) : 0
  const readme = lines > longestReadme ? [`README.md has ${lines} lines, at most ${longestReadme} are read`] : []
  const path = `${member.folder}/package.json`
  return [
    ...missing,
    ...readme.map(message => ({ path: `${member.folder}/README.md`, message })),
    ...manifestProblems(member).map(message => ({ path, message })),
  ]
}

function manifestProblems(member: Member): string[] {
  const { manifest, folder } = member
  const expect = (ok: unknown, rule: string) => (ok ? [] : [rule])
  return [
    ...expect(manifest.name === `@surprisal/${shortName(member)}`, `name must be @surprisal/${shortName(member)}`),
    ...expect(manifest.private !== true, 'must not be private'),
    ...expect(manifest.description, 'description is missing'),
    ...expect(manifest.license === 'MIT', 'license must be MIT'),
    ...expect(manifest.type === 'module', 'type must be module'),
    ...expect(manifest.sideEffects === false, 'sideEffects must be false'),
    ...expect(manifest.keywords?.includes('surprisal'), "keywords must include 'surprisal'"),
    ...expect(manifest.engines?.node === '>=20.19', "engines.node must be '>=20.19'"),
    ...expect(manifest.repository?.directory === folder, `repository.directory must be ${folder}`),
    ...expect(manifest.publishConfig?.access === 'public', 'publishConfig.access must be public'),
    ...expect(manifest.publishConfig?.provenance === true, 'publishConfig.provenance must be true'),
    ...expect(manifest.scripts?.build === 'tsup', "scripts.build must be 'tsup'"),
    ...['dist', 'src', '!src/**/*.test.ts', 'README.md', 'CHANGELOG.md'].flatMap(entry =>
      expect(manifest.files?.includes(entry), `files must include '${entry}'`),
    ),
    ...peerProblems(member),
    ...exportProblems(manifest),
    ...kindProblems(member),
  ]
}

function peerProblems({ folder, manifest }: Member): string[] {
  if (folder === 'packages/tensor') return []
  const peer = manifest.peerDependencies?.['@surprisal/tensor']
  return peer === 'workspace:^' ? [] : ["peerDependencies must hold @surprisal/tensor as 'workspace:^'"]
}

function exportProblems(manifest: Manifest): string[] {
  const entries = typeof manifest.exports === 'object' ? Object.entries(manifest.exports) : []
  const paths = entries.map(([path]) => path)
  const missing = ['.', './package.json'].filter(path => !paths.includes(path)).map(path => `exports lacks '${path}'`)
  const malformed = entries
    .filter(([path, target]) => path !== './package.json' && !isLibraryEntry(target))
    .map(([path]) => `exports['${path}'] must hold @surprisal/source, types and import, in this order`)
  return [...missing, ...malformed]
}

function isLibraryEntry(target: string | Record<string, string>): boolean {
  return typeof target === 'object' && Object.keys(target).join() === '@surprisal/source,types,import'
}

function kindProblems({ folder, manifest }: Member): string[] {
  const separate = posix.basename(folder).startsWith('loss-')
  if (!separate && manifest.surprisal?.kind !== 'loss') return []
  const expect = (ok: unknown, rule: string) => (ok ? [] : [rule])
  return [
    ...expect(manifest.surprisal?.kind === 'loss', 'surprisal must be { "kind": "loss" }'),
    ...expect(manifest.keywords?.includes('surprisal-loss'), "keywords must include 'surprisal-loss'"),
    ...expect(typeof manifest.exports === 'object' && './contract' in manifest.exports, "exports lacks './contract'"),
  ]
}

function lengthProblems(tree: Tree): Problem[] {
  return tree.modules
    .filter(module => isSource(module) && !withoutLimit.has(module.member.folder))
    .map(module => ({ path: module.path, lines: countLines(module.text) }))
    .filter(({ lines }) => lines > longestSource)
    .map(({ path, lines }) => ({ path, message: `has ${lines} lines, at most ${longestSource} may hold one idea` }))
}

function countLines(text: string): number {
  return text.replace(/\n$/, '').split('\n').length
}
