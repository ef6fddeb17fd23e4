import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium as playwright } from 'playwright-core'

/** Options of {@link launchChromium}. */
export interface LaunchOptions {
  /** Whether pages have WebGPU, by SwiftShader on the CPU. Default: false */
  readonly webgpu?: boolean
}

const quietFlags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const webgpuFlags = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']

/** Whether the npm package has a browser for this system. */
export const isChromiumAvailable = (): boolean => process.platform === 'linux' && process.arch === 'x64'

/**
 * Launches the Chromium that comes as an npm package, so that tests need no browser on the machine.
 *
 * Where the machine lacks the libraries that Chromium links to, it starts with those of the package.
 */
export async function launchChromium({ webgpu = false }: LaunchOptions = {}): Promise<Browser> {
  const folder = await unpackOnce()
  const launch = (environment: Record<string, string>) =>
    playwright.launch({
      executablePath: join(folder, 'chromium'),
      args: [...quietFlags, ...(webgpu ? webgpuFlags : ['--disable-gpu'])],
      env: { ...process.env, FONTCONFIG_PATH: join(folder, 'fonts'), ...environment },
    })
  try {
    return await launch({})
  } catch (error) {
    if (!String(error).includes('error while loading shared libraries')) throw error
    return await launch({ LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') })
  }
}

/**
 * Unpacks the browser into a folder of its own, once for a machine. The package unpacks into the temporary directory
 * itself and takes a file that is there for a whole one, which fails when two processes start together; here the whole
 * folder is renamed.
 */
async function unpackOnce(): Promise<string> {
  const folder = join(tmpdir(), `surprisal-chromium-147-${process.getuid?.() ?? 0}`)
  if (existsSync(folder)) return folder
  const { default: chromium, inflate } = await import('@sparticuz/chromium')
  const binaries = fileURLToPath(new URL('../../bin/', import.meta.resolve('@sparticuz/chromium')))
  const aside = await mkdtemp(`${folder}.`)
  const before = process.env.TMPDIR
  process.env.TMPDIR = aside
  try {
    await chromium.executablePath()
    await inflate(join(binaries, 'al2023.tar.br'))
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
  await writeFile(join(aside, 'fonts', 'fonts.conf'), fontConfiguration(folder))
  await rename(aside, folder).catch(async error => {
    // Another process finished first.
    await rm(aside, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  })
  return folder
}

function fontConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`
}
