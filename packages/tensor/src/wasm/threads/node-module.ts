interface NodeModules {
  readonly 'node:os': typeof import('node:os')
  readonly 'node:worker_threads': typeof import('node:worker_threads')
}

/** A module of Node without an import that a bundler for pages would have to resolve; undefined in a page. */
export const nodeModule = <Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined =>
  globalThis.process?.getBuiltinModule?.(name) as NodeModules[Name] | undefined
