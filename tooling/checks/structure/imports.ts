import ts from 'typescript'

/** One import, re-export or dynamic import with a literal name. */
export interface Import {
  specifier: string
  line: number
  /** Gone at run time: `import type`, or nothing but types among the names. */
  typeOnly: boolean
}

/** The imports of a module, in the order in which they are written. */
export function importsOf(path: string, text: string): Import[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const found: Import[] = []
  const add = (node: ts.Node, specifier: ts.Node | undefined, typeOnly: boolean) => {
    if (!specifier || !ts.isStringLiteral(specifier)) return
    found.push({ specifier: specifier.text, line: lineOf(source, node), typeOnly })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, isTypeImport(node.importClause))
    else if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, isTypeExport(node))
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, node.arguments[0], false)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

export function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const names = clause.namedBindings
  return !clause.name && !!names && ts.isNamedImports(names) && names.elements.every(name => name.isTypeOnly)
}

function isTypeExport(declaration: ts.ExportDeclaration): boolean {
  if (declaration.isTypeOnly) return true
  const names = declaration.exportClause
  return !!names && ts.isNamedExports(names) && names.elements.every(name => name.isTypeOnly)
}
