import { describe, expect, it } from 'vitest'
import { manifestOf, treeOf } from './fixture.ts'
import { layerProblems } from './layers.ts'

const manifests = {
  'packages/tensor/package.json': manifestOf('tensor', { peerDependencies: {} }),
  'packages/nn/package.json': manifestOf('nn'),
  'packages/testing/package.json': manifestOf('testing'),
  'packages/losses/package.json': manifestOf('losses'),
  'packages/retrieval/package.json': manifestOf('retrieval'),
  'apps/search/package.json': JSON.stringify({ name: '@surprisal/search' }),
}
const messages = (path: string, text: string, more: Record<string, string> = {}) =>
  layerProblems(treeOf({ ...manifests, ...more, [path]: text })).map(problem => problem.message)
const importOf = (name: string) => `import { a } from '@surprisal/${name}'\n`

describe('layerProblems', () => {
  it.each([
    ['packages/losses/src/a.ts', 'tensor'],
    ['packages/nn/src/a.ts', 'tensor'],
    ['packages/testing/src/a.ts', 'tensor'],
    ['packages/losses/src/a.test.ts', 'retrieval'],
    ['packages/losses/evidence/a.ts', 'nn'],
    ['packages/losses/bench/a.bench.ts', 'retrieval'],
    ['packages/tensor/src/a.test.ts', 'testing'],
    ['packages/tensor/src/__fixtures__/a.ts', 'testing'],
    ['apps/search/src/a.ts', 'retrieval'],
  ])('%s may import %s', (path, name) => {
    expect(messages(path, importOf(name))).toEqual([])
  })

  it.each([
    ['packages/tensor/src/a.ts', 'nn', '@surprisal/tensor must not import @surprisal/nn'],
    ['packages/nn/src/a.ts', 'testing', '@surprisal/nn must not import @surprisal/testing'],
    ['packages/testing/src/a.ts', 'nn', '@surprisal/testing must not import @surprisal/nn'],
    ['packages/losses/src/a.ts', 'retrieval', '@surprisal/losses must not import @surprisal/retrieval'],
    ['packages/losses/src/a.ts', 'testing', '@surprisal/losses must not import @surprisal/testing'],
    ['packages/losses/src/a.ts', 'nn', '@surprisal/nn is missing in dependencies or peerDependencies'],
    ['packages/losses/src/a.ts', 'losses', 'imports its own package by name; use a relative path'],
    ['apps/search/src/a.ts', 'nowhere', '@surprisal/nowhere is no package of this workspace'],
  ])('%s must not import %s', (path, name, message) => {
    expect(messages(path, importOf(name))).toEqual([message])
  })

  it('lets a method package import nn once its manifest says so', () => {
    const peers = { '@surprisal/tensor': 'workspace:^', '@surprisal/nn': 'workspace:^' }
    const manifest = { 'packages/losses/package.json': manifestOf('losses', { peerDependencies: peers }) }
    expect(messages('packages/losses/src/a.ts', importOf('nn'), manifest)).toEqual([])
  })

  it('lets only contract.ts import the conformance kit', () => {
    const peers = { '@surprisal/tensor': 'workspace:^', '@surprisal/testing': 'workspace:^' }
    const manifest = { 'packages/losses/package.json': manifestOf('losses', { peerDependencies: peers }) }
    expect(messages('packages/losses/src/contract.ts', importOf('testing'), manifest)).toEqual([])
    expect(messages('packages/losses/src/a.ts', importOf('testing'), manifest)).toHaveLength(1)
  })

  it('keeps relative imports inside their package and complete', () => {
    const path = 'packages/losses/src/a.ts'
    expect(messages(path, "import '../../nn/src/b.ts'")).toEqual(["'../../nn/src/b.ts' leaves packages/losses"])
    expect(messages(path, "import './b'")).toEqual(["'./b' lacks its file extension"])
    expect(messages(path, "import './b.ts'")).toEqual([])
  })

  it('counts type imports as well', () => {
    expect(messages('packages/tensor/src/a.ts', "import type { A } from '@surprisal/nn'")).toHaveLength(1)
  })
})
