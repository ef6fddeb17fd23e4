import { describe, expect, it } from 'vitest'
import { manifestOf, treeOf } from './fixture.ts'
import { indexFileProblems } from './index-file.ts'

const problemsOf = (text: string) => {
  const tree = treeOf({ 'packages/nn/package.json': manifestOf('nn'), 'packages/nn/src/index.ts': text })
  return indexFileProblems(tree).map(problem => `${problem.line}: ${problem.message}`)
}
const onlyReExports = "only re-exports may stand here: export { name } from './file.ts'"

describe('indexFileProblems', () => {
  it('accepts sorted re-exports, of other packages first', () => {
    const sources = ['@surprisal/tensor', './a.ts', './b9.ts', './b10.ts', './gradient/x.ts', './gradient.ts', './z.ts']
    expect(problemsOf(sources.map(source => `export { x } from '${source}'`).join('\n'))).toEqual([])
    expect(problemsOf("export type { A } from './a.ts'\nexport { type B, b } from './b.ts'")).toEqual([])
  })

  it.each(["export * from './a.ts'", "export * as a from './a.ts'", 'export const a = 1', "import './a.ts'"])(
    'refuses %s',
    text => expect(problemsOf(text)).toEqual([`1: ${onlyReExports}`]),
  )

  it('names what stands in the wrong place, also after a blank line', () => {
    const text = "export { b } from './b.ts'\n\nexport { a } from './a.ts'"
    expect(problemsOf(text)).toEqual(["3: './a.ts' belongs before './b.ts'"])
  })
})
