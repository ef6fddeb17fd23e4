import { join } from 'node:path'
import { bundle, isChromiumAvailable, launchChromium, servePages } from '@surprisal/browser'
import { type Check, outcomeOf } from '../core/check.ts'
import { root } from '../core/files.ts'
import { runOnNode } from './nodes.ts'
import type { PageProgram } from './program/page.ts'
import type { Report } from './program/program.ts'
import { reportProblems } from './report.ts'

/** A site, by the headers of all its files. */
interface Site {
  readonly name: string
  readonly headers: Record<string, string>
  /** Whether pages share memory with workers, and may start them from a URL of their own making. */
  readonly hasThreads: boolean
}

const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

const sites: Site[] = [
  { name: 'isolated page', headers: isolation, hasThreads: true },
  { name: 'page that is not isolated', headers: {}, hasThreads: false },
  {
    name: 'isolated page with a strict policy',
    headers: { ...isolation, 'content-security-policy': "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'" },
    hasThreads: false,
  },
]

/** Milliseconds for which a read may keep a page from doing other things. */
const longestPause = 50

export const browsers: Check = {
  name: 'browsers',
  what: 'the built tensor library in Chromium: pages and workers, with and without cross-origin isolation',
  needs: ['build'],
  inputs: path => /^packages\/tensor\/(src\/|package\.json|tsup)|^tooling\/(build|browser)\//.test(path),
  run: async () => {
    if (!isChromiumAvailable())
      return { ok: true, output: '', notRun: [`Chromium: its package is for Linux on x64, not ${process.platform}`] }
    const { deterministic } = (await runOnNode(process.execPath)).bits
    const scripts = { page: await bundleEntry('page.ts'), worker: await bundleEntry('worker.ts') }
    const browser = await launchChromium()
    try {
      const problems: string[] = []
      for (const site of sites) problems.push(...(await siteProblems(browser, site, scripts, deterministic)))
      return outcomeOf(problems)
    } finally {
      await browser.close()
    }
  },
}

const bundleEntry = (name: string) => bundle(join(root, 'tooling/checks/runtimes/program', name))

async function siteProblems(
  browser: Awaited<ReturnType<typeof launchChromium>>,
  { name, headers, hasThreads }: Site,
  scripts: { page: string; worker: string },
  deterministic: string,
): Promise<string[]> {
  const server = await servePages({
    '/page.html': { body: '<!doctype html><script type="module" src="/page.js"></script>', headers },
    '/page.js': { body: scripts.page, headers },
    '/worker.js': { body: scripts.worker, headers },
  })
  const page = await browser.newPage()
  try {
    const problems: string[] = []
    page.on('pageerror', error => problems.push(`${name}: ${error.message}`))
    await page.goto(`${server.origin}/page.html`)
    await page.waitForFunction(() => 'program' in globalThis)
    const expectations = { helped: hasThreads, deterministic }
    const inPage: Report = await page.evaluate(() => program.run())
    problems.push(...reportProblems(name, inPage, expectations))
    const inWorker: Report = await page.evaluate(() => program.runInWorker())
    problems.push(...reportProblems(`worker of the ${name}`, inWorker, expectations))
    for (const threads of hasThreads ? [1, 2] : [1]) {
      const pause = await page.evaluate(count => program.longestPause(count), threads)
      if (pause >= longestPause)
        problems.push(`${name}: a read on ${threads} threads kept the page waiting for ${Math.round(pause)} ms`)
    }
    return problems
  } finally {
    await page.close()
    await server.close()
  }
}

declare const program: PageProgram
