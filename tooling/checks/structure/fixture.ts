import { readMembers } from '../core/workspace.ts'
import { readTree, type Tree } from './model.ts'

/** A tree made of texts, for the tests of the rules. */
export function treeOf(texts: Record<string, string>): Tree {
  const files = Object.keys(texts).sort()
  const read = (path: string) => texts[path]
  return readTree(readMembers(files, read), read)
}

/** The package.json of a package that obeys every rule, with some fields replaced. */
export function manifestOf(name: string, fields: Record<string, unknown> = {}): string {
  return JSON.stringify({
    name: `@surprisal/${name}`,
    description: 'An example.',
    license: 'MIT',
    keywords: ['surprisal'],
    repository: { directory: `packages/${name}` },
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19' },
    exports: {
      '.': { '@surprisal/source': './src/index.ts', types: './dist/index.d.ts', import: './dist/index.js' },
      './package.json': './package.json',
    },
    files: ['dist', 'src', '!src/**/*.test.ts', 'README.md', 'CHANGELOG.md'],
    publishConfig: { access: 'public', provenance: true },
    scripts: { build: 'tsup' },
    peerDependencies: { '@surprisal/tensor': 'workspace:^' },
    ...fields,
  })
}
