import { defineConfig } from 'tsup'

/** The one build of every published package: ES modules with declarations, sources kept apart from the bundle. */
export function library(entry: Record<string, string> = { index: 'src/index.ts' }) {
  return defineConfig({
    entry,
    format: 'esm',
    dts: { compilerOptions: { ignoreDeprecations: '6.0', customConditions: [] } },
    target: 'es2023',
    clean: true,
    treeshake: true,
    sourcemap: true,
  })
}
