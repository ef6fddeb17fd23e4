import { posix } from 'node:path'
import ts from 'typescript'
import { isSource, isTest, type Module, type Problem, type Tree } from './model.ts'

/**
 * Every source file has its test: `x.test.ts` beside `x.ts`, or a test that it shares with the other files of its
 * folder. Directly below src/, where files have little in common, a shared test has to import the file.
 */
export function testProblems(tree: Tree): Problem[] {
  const tests = tree.modules.filter(module => isTest(module.path))
  const paths = new Set(tests.map(test => test.path))
  return tree.modules.filter(needsTest).flatMap(module => {
    const beside = module.path.replace(/\.tsx?$/, '.test.ts')
    const tested = paths.has(beside) || tests.some(test => sharesTest(module, test))
    return tested ? [] : [{ path: module.path, message: `has no test: ${posix.basename(beside)} beside it` }]
  })
}

function needsTest(module: Module): boolean {
  if (!isSource(module) || !module.path.startsWith('packages/')) return false
  if (/\/(_shared|internal)\//.test(module.path) || posix.basename(module.path) === 'index.ts') return false
  return !module.path.endsWith('.d.ts') && !holdsOnlyTypes(module)
}

function sharesTest(module: Module, test: Module): boolean {
  const folder = posix.dirname(module.path)
  if (posix.dirname(test.path) !== folder) return false
  if (folder !== `${module.member.folder}/src`) return true
  return test.imports.some(found => posix.join(folder, found.specifier) === module.path)
}

function holdsOnlyTypes(module: Module): boolean {
  const source = ts.createSourceFile(module.path, module.text, ts.ScriptTarget.Latest)
  return source.statements.every(
    statement =>
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isImportDeclaration(statement) ||
      ts.isExportDeclaration(statement),
  )
}
