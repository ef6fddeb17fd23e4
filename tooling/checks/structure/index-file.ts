import ts from 'typescript'
import { lineOf } from './imports.ts'
import type { Problem, Tree } from './model.ts'

/** The front of a package: `src/index.ts` holds explicit re-exports in alphabetical order, and nothing else. */
export function indexFileProblems(tree: Tree): Problem[] {
  return tree.modules
    .filter(module => module.path === `${module.member.folder}/src/index.ts` && module.path.startsWith('packages/'))
    .flatMap(module => problemsOf(module.path, module.text))
}

function problemsOf(path: string, text: string): Problem[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const problems: Problem[] = []
  let before: string | undefined
  for (const statement of source.statements) {
    const complain = (message: string) => problems.push({ path, line: lineOf(source, statement), message })
    const from = reExportSource(statement)
    if (from === undefined) {
      complain("only re-exports may stand here: export { name } from './file.ts'")
      continue
    }
    if (before !== undefined && compare(before, from) > 0) complain(`'${from}' belongs before '${before}'`)
    before = from
  }
  return problems
}

function reExportSource(statement: ts.Statement): string | undefined {
  if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier || !statement.exportClause) return undefined
  if (!ts.isNamedExports(statement.exportClause) || !ts.isStringLiteral(statement.moduleSpecifier)) return undefined
  return statement.moduleSpecifier.text
}

/** The order that biome gives to neighbouring statements: other packages first, then folder by folder. */
function compare(a: string, b: string): number {
  const [first, second] = [a, b].map(path => path.split('/'))
  if (first[0] !== second[0]) return first[0] === '.' ? 1 : second[0] === '.' ? -1 : collate(first[0], second[0])
  for (let i = 1; i < Math.min(first.length, second.length); i++) {
    const order = collate(first[i], second[i])
    if (order !== 0) return order
  }
  return first.length - second.length
}

function collate(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
