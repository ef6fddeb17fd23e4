import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SurprisalError } from '@surprisal/tensor'
import type { Experiment, FoundExperiment } from './experiment.ts'

const isExperiment = (value: unknown): value is Experiment => {
  const { claim, baseline, seeds, run } = (value ?? {}) as Partial<Experiment>
  return typeof claim === 'string' && typeof baseline === 'string' && Array.isArray(seeds) && typeof run === 'function'
}

/**
 * The experiments of all packages below a folder, in the order of their names.
 * @param slugs which ones; none: all
 * @throws {SurprisalError} `argument` for a slug that there is not, `format` for a file that exports no experiment
 */
export async function findExperiments(root: string, slugs: readonly string[]): Promise<FoundExperiment[]> {
  const files = readdirSync(join(root, 'packages')).flatMap(name => {
    const folder = join(root, 'packages', name, 'evidence')
    if (!existsSync(folder)) return []
    const own = readdirSync(folder).filter(file => file.endsWith('.ts'))
    return own.map(file => ({ package: name, slug: file.slice(0, -'.ts'.length), path: join(folder, file) }))
  })
  for (const slug of slugs)
    if (!files.some(file => file.slug === slug))
      throw new SurprisalError(
        'argument',
        `evidence: slug must be one of ${files.map(file => file.slug).join(', ')}, got ${slug}`,
      )
  const chosen = files.filter(({ slug }) => slugs.length === 0 || slugs.includes(slug))
  return Promise.all(
    chosen.map(async ({ path, ...about }) => {
      const { default: experiment } = (await import(pathToFileURL(path).href)) as { default?: unknown }
      if (!isExperiment(experiment))
        throw new SurprisalError('format', `evidence: ${path} must export { claim, baseline, seeds, run }`)
      return { ...about, experiment }
    }),
  )
}
