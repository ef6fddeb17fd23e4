import { describe, expect, it } from 'vitest'
import { importsOf } from './imports.ts'

const one = (text: string) => importsOf('a.ts', text)[0]

describe('importsOf', () => {
  it('finds imports, re-exports and dynamic imports with their lines', () => {
    const text =
      "import { a } from './a.ts'\nexport { b } from './b.ts'\nconst c = await import('./c.ts')\nimport './d.ts'\n"
    expect(importsOf('x.ts', text).map(found => [found.specifier, found.line])).toEqual([
      ['./a.ts', 1],
      ['./b.ts', 2],
      ['./c.ts', 3],
      ['./d.ts', 4],
    ])
  })

  it.each([
    ["import type { A } from './a.ts'", true],
    ["import { type A, type B } from './a.ts'", true],
    ["export type { A } from './a.ts'", true],
    ["export { type A } from './a.ts'", true],
    ["import { type A, b } from './a.ts'", false],
    ["import a, { type B } from './a.ts'", false],
    ["import * as a from './a.ts'", false],
    ["import './a.ts'", false],
    ["export * from './a.ts'", false],
  ])('%s: gone at run time is %s', (text, typeOnly) => {
    expect(one(text).typeOnly).toBe(typeOnly)
  })

  it('does not take text in strings and comments for imports', () => {
    expect(importsOf('a.ts', "// import './a.ts'\nconst s = \"import './b.ts'\"\n")).toEqual([])
  })
})
