import { build } from 'esbuild'

/** Options of {@link bundle}. */
export interface BundleOptions {
  /** Packages that stay imports. Default: none */
  readonly external?: readonly string[]
  /** Conditions by which packages choose among their files, `@surprisal/source` for sources. Default: built files */
  readonly conditions?: readonly string[]
}

/** An ES module with all that `entry` imports, minified, for pages and workers. */
export async function bundle(entry: string, options: BundleOptions = {}): Promise<string> {
  const { external = [], conditions = [] } = options
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    target: 'es2023',
    minify: true,
    write: false,
    logLevel: 'silent',
    external: [...external],
    conditions: [...conditions],
  })
  return outputFiles[0].text
}
