import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defineConfig, type Plugin } from 'vite'

/**
 * The page is built of the packages' sources. Packages declare that none of their files acts by being loaded, so that
 * bundlers leave out what is unused. That is true of built files; among the sources of tensor some add methods to the class,
 * and one makes the executor known.
 */
const keepTensor: Plugin = {
  name: 'keep-tensor',
  enforce: 'pre',
  async resolveId(source, importer) {
    if (!source.startsWith('@surprisal/tensor') && !importer?.includes('/packages/tensor/src/')) return null
    const resolved = await this.resolve(source, importer, { skipSelf: true })
    return resolved && { ...resolved, moduleSideEffects: true }
  },
}

/** Builds the page into `dist/`: static files that work below any path; `vite` alone serves it for work on the page. */
export default defineConfig({
  root: fileURLToPath(new URL('web', import.meta.url)),
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [keepTensor],
  resolve: { conditions: ['@surprisal/source', ...defaultClientConditions] },
  worker: { format: 'es', plugins: () => [keepTensor] },
  build: {
    outDir: fileURLToPath(new URL('dist', import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
  },
})
