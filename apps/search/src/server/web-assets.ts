import { createHash } from 'node:crypto'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SurprisalError } from '@surprisal/tensor'

/** One file of the built page, held in memory. */
export interface WebAsset {
  body: Uint8Array<ArrayBuffer>
  /** Value of Content-Type. */
  type: string
  /** Value of Cache-Control. */
  cacheControl: string
}

const appFolder = fileURLToPath(new URL('../..', import.meta.url))
const cacheFolder = join(appFolder, 'node_modules', '.cache', 'surprisal', 'web')

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
}

/**
 * Reads the page of the search app; builds it first when its sources have changed since the last build (about a second).
 *
 * Builds are kept by the hash of their sources, so that a start without changes reads four small files and does not
 * load the bundler.
 *
 * @returns the files by their path on the server, for instance `/index.html`.
 * @throws {SurprisalError} 'io' when the page cannot be built or read.
 */
export async function loadWebAssets(): Promise<Map<string, WebAsset>> {
  try {
    const folder = join(cacheFolder, await hashSources())
    return (await readAssets(folder)) ?? (await buildAssets(folder))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SurprisalError(
      'io',
      `loadWebAssets: the web page cannot be built: ${reason}; --no-web starts without it`,
      {
        cause: error,
      },
    )
  }
}

async function hashSources(): Promise<string> {
  const files = [
    'package.json',
    'vite.config.ts',
    ...(await listFiles(join(appFolder, 'web'))).map(f => join('web', f)),
  ]
  const hash = createHash('sha256')
  for (const file of files) {
    const contents = await readFile(join(appFolder, file))
    hash.update(`${file}\0${contents.length}\0`).update(contents)
  }
  return hash.digest('hex').slice(0, 16)
}

async function buildAssets(folder: string): Promise<Map<string, WebAsset>> {
  const { build } = await import('vite')
  // Written aside and renamed, so that a build which was interrupted is never taken for a whole one.
  const aside = `${folder}.${process.pid}.${Date.now()}`
  await build({ configFile: join(appFolder, 'vite.config.ts'), logLevel: 'error', build: { outDir: aside } })
  await removeOldBuilds(aside)
  await rename(aside, folder).catch(async error => {
    // Another process finished the same build first.
    await rm(aside, { recursive: true, force: true })
    if ((await readAssets(folder)) === null) throw error
  })
  const assets = await readAssets(folder)
  if (assets === null) throw new Error(`no index.html in ${folder}`)
  return assets
}

async function removeOldBuilds(keep: string): Promise<void> {
  const finished = /^[0-9a-f]{16}$/
  for (const name of await readdir(cacheFolder)) {
    const path = join(cacheFolder, name)
    if (finished.test(name) && !keep.startsWith(path)) await rm(path, { recursive: true, force: true })
  }
}

async function readAssets(folder: string): Promise<Map<string, WebAsset> | null> {
  const files = await listFiles(folder).catch((): string[] => [])
  if (!files.includes('index.html')) return null
  const assets = new Map<string, WebAsset>()
  for (const file of files) {
    const hashed = file.startsWith(`assets${sep}`)
    assets.set(`/${file.split(sep).join('/')}`, {
      body: new Uint8Array(await readFile(join(folder, file))),
      type: contentTypes[extname(file)] ?? 'application/octet-stream',
      cacheControl: hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    })
  }
  return assets
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter(entry => entry.isFile())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)))
  return files.sort()
}
