import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { discover, select } from './discover.ts'

const fixture = (name = '') => fileURLToPath(new URL(`../__fixtures__/${name}`, import.meta.url))
const workspace = fileURLToPath(new URL('../../../..', import.meta.url))
const sample = ['agrees', 'differs', 'fails', 'from-the-future', 'never-ends'].map(name => `sample/${name}`)

describe('discover', () => {
  it('finds lists of cases and single ones', async () => {
    const found = await discover(fixture())
    expect(found.map(({ id }) => id)).toEqual(sample)
    expect(found[4].file).toBe(fixture('packages/sample/bench/single.bench.ts'))
    expect(found[4].benchCase.case).toBe('never-ends')
  })

  it('finds the cases of this workspace, each with a name of its own', async () => {
    const ids = (await discover(workspace)).map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining(['tensor/matmul-512', 'tensor/gpt-step', 'webgpu-runtime/softmax']))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('refuses a file without cases', async () => {
    await expect(discover(fixture('broken'))).rejects.toThrow(
      'empty.bench.ts must export cases made by defineBench as its default',
    )
  })

  it('refuses two cases of the same name', async () => {
    await expect(discover(fixture('twice'))).rejects.toThrow(
      'discover: sample/same is defined twice, the second time in packages/sample/bench/b.bench.ts',
    )
  })
})

describe('select', () => {
  const cases = ['tensor/exp', 'tensor/exp-small', 'nn/tensor-step'].map(id => ({
    id,
    file: '',
    benchCase: {} as never,
  }))
  const chosen = (...words: string[]) => select(cases, words).map(({ id }) => id)

  it.each([
    [[], ['tensor/exp', 'tensor/exp-small', 'nn/tensor-step']],
    [['tensor'], ['tensor/exp', 'tensor/exp-small']],
    [['tensor/exp'], ['tensor/exp']],
    [['small'], ['tensor/exp-small']],
    [
      ['step', 'tensor/exp'],
      ['tensor/exp', 'nn/tensor-step'],
    ],
    [
      ['exp', 'small'],
      ['tensor/exp', 'tensor/exp-small'],
    ],
  ])('%j selects %j', (words, ids) => {
    expect(chosen(...words)).toEqual(ids)
  })

  it('refuses a word that names nothing', () => {
    expect(() => chosen('exp', 'sin')).toThrow('bench: no case is named sin; --list shows them')
  })
})
