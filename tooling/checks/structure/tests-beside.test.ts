import { describe, expect, it } from 'vitest'
import { manifestOf, treeOf } from './fixture.ts'
import { testProblems } from './tests-beside.ts'

const untested = (texts: Record<string, string>) => {
  const files = Object.fromEntries(Object.entries(texts).map(([name, text]) => [`packages/nn/${name}`, text]))
  return testProblems(treeOf({ 'packages/nn/package.json': manifestOf('nn'), ...files })).map(problem => problem.path)
}

describe('testProblems', () => {
  it('accepts a test beside the source', () => {
    expect(untested({ 'src/a.ts': 'export const a = 1', 'src/a.test.ts': '' })).toEqual([])
  })

  it('accepts a test that the files of a folder share', () => {
    expect(untested({ 'src/f/a.ts': 'export const a = 1', 'src/f/both.test.ts': '' })).toEqual([])
  })

  it('wants a shared test directly below src to import the file', () => {
    const source = { 'src/a.ts': 'export const a = 1' }
    expect(untested({ ...source, 'src/both.test.ts': "import { a } from './a.ts'" })).toEqual([])
    expect(untested({ ...source, 'src/b.test.ts': "import { b } from './b.ts'" })).toEqual(['packages/nn/src/a.ts'])
  })

  it('does not accept a test of another folder', () => {
    expect(untested({ 'src/f/a.ts': 'export const a = 1', 'src/a.test.ts': "import { a } from './f/a.ts'" })).toEqual([
      'packages/nn/src/f/a.ts',
    ])
  })

  it.each([
    ['src/index.ts', "export { a } from './a.ts'"],
    ['src/_shared/a.ts', 'export const a = 1'],
    ['src/types.ts', 'export interface A { a: number }\nexport type B = A'],
    ['evidence/a.ts', 'export const a = 1'],
    ['tsup.config.ts', 'export default 1'],
  ])('asks for no test of %s', (path, text) => {
    expect(untested({ [path]: text })).toEqual([])
  })
})
