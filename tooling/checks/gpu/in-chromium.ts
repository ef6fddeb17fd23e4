import { fileURLToPath } from 'node:url'
import { bundle, launchChromium, servePages } from '@surprisal/browser'
import type { NamedProof } from './index.ts'
import type { PageProgram } from './program/page.ts'
import type { Proof } from './program/prove.ts'
import { vectorTexts } from './program/vector-texts.ts'

/** Random graphs of each page and worker: Node compares many more. */
const graphs = 10

/** Runs all conformance cases and some random graphs in a page and in a worker, with the limits of both kinds. */
export async function proveInChromium(): Promise<NamedProof[]> {
  const [page, worker] = await Promise.all(['page.ts', 'worker.ts'].map(bundleEntry))
  const server = await servePages({
    '/page.html': { body: '<!doctype html><script type="module" src="/page.js"></script>' },
    '/page.js': { body: page },
    '/worker.js': { body: worker },
  })
  const browser = await launchChromium({ webgpu: true })
  try {
    const tab = await browser.newPage()
    await tab.goto(`${server.origin}/page.html`)
    await tab.waitForFunction(() => 'program' in globalThis)
    const proofs: NamedProof[] = []
    for (const limits of ['adapter', 'minimum'] as const) {
      const options = { limits, vectors: vectorTexts(), graphs, seed: 3 }
      const inPage: Proof = await tab.evaluate(given => program.run(given), options)
      proofs.push({ where: `a page with the limits '${limits}'`, proof: inPage })
      const inWorker: Proof = await tab.evaluate(given => program.runInWorker(given), options)
      proofs.push({ where: `a worker with the limits '${limits}'`, proof: inWorker })
    }
    return proofs
  } finally {
    await browser.close()
    await server.close()
  }
}

const bundleEntry = (name: string) =>
  bundle(fileURLToPath(new URL(`./program/${name}`, import.meta.url)), { conditions: ['@surprisal/source'] })

declare const program: PageProgram
