import { posix } from 'node:path'
import type { Member } from '../core/workspace.ts'
import { isSource, type Module, type Problem, shortName, type Tree } from './model.ts'

const scope = '@surprisal/'

/** Packages with a place of their own; every other package is a method package. */
const foundations: Record<string, readonly string[]> = {
  tensor: [],
  'webgpu-runtime': ['tensor'],
  nn: ['tensor'],
  testing: ['tensor'],
}

/** Who may import whom: tensor <- nn, testing and webgpu-runtime <- methods <- apps. */
export function layerProblems(tree: Tree): Problem[] {
  const names = new Set(tree.members.map(member => member.manifest.name))
  return tree.modules.flatMap(module =>
    module.imports.flatMap(found => problemsOf(module, found.specifier, found.line)),
  )

  function problemsOf(module: Module, specifier: string, line: number): Problem[] {
    const complain = (message: string): Problem[] => [{ path: module.path, line, message }]
    if (specifier.startsWith('.')) return relativeProblems(module, specifier).flatMap(complain)
    if (!specifier.startsWith(scope)) return []
    const name = specifier.split('/').slice(0, 2).join('/')
    if (!names.has(name)) return complain(`${name} is no package of this workspace`)
    if (!module.member.folder.startsWith('packages/') || !isSource(module)) return []
    const used = name.slice(scope.length)
    if (used === shortName(module.member)) return complain('imports its own package by name; use a relative path')
    if (!allowedFor(module).includes(used)) return complain(`${module.member.manifest.name} must not import ${name}`)
    return isDeclared(module.member, name) ? [] : complain(`${name} is missing in dependencies or peerDependencies`)
  }
}

function relativeProblems(module: Module, specifier: string): string[] {
  const target = posix.join(posix.dirname(module.path), specifier)
  if (!target.startsWith(`${module.member.folder}/`)) return [`'${specifier}' leaves ${module.member.folder}`]
  return /\.\w+$/.test(specifier.replace(/\?.*$/, '')) ? [] : [`'${specifier}' lacks its file extension`]
}

function allowedFor(module: Module): readonly string[] {
  const foundation = foundations[shortName(module.member)]
  if (foundation) return foundation
  // The descriptors of ./contract are made with the conformance kit and never bundled with the library.
  return module.path.endsWith('/src/contract.ts') ? ['tensor', 'nn', 'testing'] : ['tensor', 'nn']
}

function isDeclared(member: Member, name: string): boolean {
  return name in { ...member.manifest.dependencies, ...member.manifest.peerDependencies }
}
