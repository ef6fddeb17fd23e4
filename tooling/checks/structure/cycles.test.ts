import { describe, expect, it } from 'vitest'
import { cycleProblems } from './cycles.ts'
import { manifestOf, treeOf } from './fixture.ts'

const cyclesOf = (texts: Record<string, string>) => {
  const files = Object.fromEntries(Object.entries(texts).map(([name, text]) => [`packages/nn/src/${name}`, text]))
  return cycleProblems(treeOf({ 'packages/nn/package.json': manifestOf('nn'), ...files })).map(found => found.message)
}

describe('cycleProblems', () => {
  it('finds nothing in a diamond', () => {
    const texts = {
      'a.ts': "import './b.ts'\nimport './c.ts'",
      'b.ts': "import './d.ts'",
      'c.ts': "import './d.ts'",
      'd.ts': '',
    }
    expect(cyclesOf(texts)).toEqual([])
  })

  it('spells out a cycle across folders', () => {
    expect(cyclesOf({ 'a.ts': "import { b } from './f/b.ts'", 'f/b.ts': "import { a } from '../a.ts'" })).toEqual([
      'import cycle: packages/nn/src/a.ts -> packages/nn/src/f/b.ts -> packages/nn/src/a.ts',
    ])
  })

  it('leaves out the files that only lead to the cycle', () => {
    const texts = { 'a.ts': "import './b.ts'", 'b.ts': "import './c.ts'", 'c.ts': "export { b } from './b.ts'" }
    expect(cyclesOf(texts)).toEqual([
      'import cycle: packages/nn/src/b.ts -> packages/nn/src/c.ts -> packages/nn/src/b.ts',
    ])
  })

  it('finds a file that imports itself', () => {
    expect(cyclesOf({ 'a.ts': "import './a.ts'" })).toHaveLength(1)
  })

  it('lets types go round', () => {
    expect(cyclesOf({ 'a.ts': "import { b } from './b.ts'", 'b.ts': "import type { A } from './a.ts'" })).toEqual([])
  })
})
