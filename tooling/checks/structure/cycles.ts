import { posix } from 'node:path'
import type { Module, Problem, Tree } from './model.ts'

/** Cycles of imports between files that exist at run time; `import type` leaves nothing behind and is free. */
export function cycleProblems(tree: Tree): Problem[] {
  const modules = new Map(tree.modules.map(module => [module.path, module]))
  const state = new Map<string, 'open' | 'done'>()
  const trail: string[] = []
  const problems: Problem[] = []

  const visit = (module: Module): void => {
    state.set(module.path, 'open')
    trail.push(module.path)
    for (const path of targetsOf(module)) {
      const next = modules.get(path)
      if (!next) continue
      if (state.get(path) === 'open') problems.push(cycle(trail.slice(trail.indexOf(path))))
      else if (!state.has(path)) visit(next)
    }
    trail.pop()
    state.set(module.path, 'done')
  }
  for (const module of tree.modules) if (!state.has(module.path)) visit(module)
  return problems
}

function targetsOf(module: Module): string[] {
  return module.imports
    .filter(found => found.specifier.startsWith('.') && !found.typeOnly)
    .map(found => posix.join(posix.dirname(module.path), found.specifier))
}

function cycle(paths: string[]): Problem {
  return { path: paths[0], message: `import cycle: ${[...paths, paths[0]].join(' -> ')}` }
}
