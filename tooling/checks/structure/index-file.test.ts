import { describe, expect, it } from 'vitest'
import { manifestOf, treeOf } from './fixture.ts'
import { indexFileProblems } from './index-file.ts'

const problemsOf = (text: string) => {
  const tree = treeOf({ 'packages/nn/package.json': manifestOf('nn'), 'packages/nn/src/index.ts': text })
  return indexFileProblems(tree).map(problem => `${problem.line}: ${problem.message}`)
}
const onlyReExports = "only re-exports may stand here: export { name } from './file.ts'"

describe('indexFileProblems', () => {
  it('accepts re-exports of values, types and named namespaces', () => {
    expect(problemsOf("export type { A } from './a.ts'\nexport { type B, b } from './b.ts'")).toEqual([])
    expect(problemsOf("/** Sums. */\nexport * as sums from './a.ts'\n// Why.\nexport { b } from './b.ts'\n")).toEqual(
      [],
    )
  })

  it.each(["export * from './a.ts'", 'export const a = 1', "import './a.ts'", 'export { a }'])('refuses %s', text => {
    expect(problemsOf(text)).toEqual([`1: ${onlyReExports}`])
  })

  it('refuses groups, which biome would sort one by one', () => {
    expect(problemsOf("export { b } from './b.ts'\n\nexport { a } from './a.ts'")).toEqual([
      '3: no blank line between re-exports, they are sorted as one list',
    ])
  })
})
