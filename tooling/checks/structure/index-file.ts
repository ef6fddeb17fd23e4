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
  return source.statements.flatMap((statement, i) => {
    const line = lineOf(source, statement)
    if (!isReExport(statement)) {
      return [{ path, line, message: "only re-exports may stand here: export { name } from './file.ts'" }]
    }
    // Biome sorts re-exports, but only among lines that no blank one separates.
    const apart = i > 0 && /\n\s*\n/.test(text.slice(source.statements[i - 1].end, statement.getStart(source)))
    return apart ? [{ path, line, message: 'no blank line between re-exports, they are sorted as one list' }] : []
  })
}

/** `export { a } from` and `export * as a from`, but not `export * from`, which hides its names. */
function isReExport(statement: ts.Statement): boolean {
  return ts.isExportDeclaration(statement) && !!statement.moduleSpecifier && !!statement.exportClause
}
