import { describe, expect, it } from 'vitest'
import { anatomyProblems } from './anatomy.ts'
import { manifestOf, treeOf } from './fixture.ts'

const whole = {
  'packages/nn/README.md': '# nn\n',
  'packages/nn/package.json': manifestOf('nn'),
  'packages/nn/src/index.ts': '',
  'packages/nn/tsup.config.ts': '',
  'packages/nn/vectors/adam.json': '{}',
}
const problemsOf = (texts: Record<string, string>) =>
  anatomyProblems(treeOf(texts), path => texts[path]).map(problem => `${problem.path}: ${problem.message}`)
const withManifest = (fields: Record<string, unknown>) =>
  problemsOf({ ...whole, 'packages/nn/package.json': manifestOf('nn', fields) })

describe('anatomyProblems', () => {
  it('accepts a whole package', () => {
    expect(problemsOf(whole)).toEqual([])
  })

  it.each(['README.md', 'src/index.ts', 'tsup.config.ts'])('misses %s', name => {
    const { [`packages/nn/${name}` as 'packages/nn/README.md']: _, ...rest } = whole
    expect(problemsOf(rest as typeof whole)).toEqual([`packages/nn: ${name} is missing`])
  })

  it('misses the vectors', () => {
    const { 'packages/nn/vectors/adam.json': _, ...rest } = whole
    expect(problemsOf(rest)).toEqual(['packages/nn: vectors/ holds no conformance file'])
  })

  it.each([
    [{ name: '@surprisal/neural' }, 'name must be @surprisal/nn'],
    [{ private: true }, 'must not be private'],
    [{ description: '' }, 'description is missing'],
    [{ license: 'ISC' }, 'license must be MIT'],
    [{ type: 'commonjs' }, 'type must be module'],
    [{ sideEffects: true }, 'sideEffects must be false'],
    [{ keywords: [] }, "keywords must include 'surprisal'"],
    [{ engines: { node: '>=18' } }, "engines.node must be '>=20.19'"],
    [{ repository: { directory: 'packages/losses' } }, 'repository.directory must be packages/nn'],
    [{ publishConfig: { provenance: true } }, 'publishConfig.access must be public'],
    [{ scripts: {} }, "scripts.build must be 'tsup'"],
    [{ files: ['dist', 'src', 'README.md', 'CHANGELOG.md'] }, "files must include '!src/**/*.test.ts'"],
    [
      { peerDependencies: { '@surprisal/tensor': '*' } },
      "peerDependencies must hold @surprisal/tensor as 'workspace:^'",
    ],
  ])('refuses the manifest with %o', (fields, message) => {
    expect(withManifest(fields)).toEqual([`packages/nn/package.json: ${message}`])
  })

  it('refuses exports without sources or types', () => {
    const exports = {
      '.': { types: './dist/index.d.ts', import: './dist/index.js' },
      './package.json': './package.json',
    }
    expect(withManifest({ exports })).toEqual([
      "packages/nn/package.json: exports['.'] must hold @surprisal/source, types and import, in this order",
    ])
    expect(withManifest({ exports: {} })).toEqual([
      "packages/nn/package.json: exports lacks '.'",
      "packages/nn/package.json: exports lacks './package.json'",
    ])
  })

  it('asks of a loss package that the harness can find it', () => {
    const renamed = Object.entries(whole).map(([path, text]) => [path.replace('/nn/', '/loss-x/'), text])
    const texts = { ...Object.fromEntries(renamed), 'packages/loss-x/package.json': manifestOf('loss-x') }
    expect(problemsOf(texts)).toEqual([
      'packages/loss-x/package.json: surprisal must be { "kind": "loss" }',
      "packages/loss-x/package.json: keywords must include 'surprisal-loss'",
      "packages/loss-x/package.json: exports lacks './contract'",
    ])
  })

  it('bounds the length of README and sources', () => {
    const long = { 'packages/nn/README.md': 'line\n'.repeat(121), 'packages/nn/src/a.ts': 'line\n'.repeat(401) }
    expect(problemsOf({ ...whole, ...long })).toEqual([
      'packages/nn/README.md: README.md has 121 lines, at most 120 are read',
      'packages/nn/src/a.ts: has 401 lines, at most 400 may hold one idea',
    ])
    const fitting = { 'packages/nn/README.md': 'line\n'.repeat(120), 'packages/nn/src/a.ts': 'line\n'.repeat(400) }
    expect(problemsOf({ ...whole, ...fitting })).toEqual([])
  })
})
