import type { Browser } from 'playwright-core'
import { afterEach, describe, expect, it } from 'vitest'
import { isChromiumAvailable, launchChromium } from './chromium.ts'
import { servePages } from './serve.ts'

let browser: Browser | undefined

afterEach(() => browser?.close())

/** What a page of this machine says to an expression. */
async function evaluate<T>(expression: string): Promise<T> {
  const server = await servePages({ '/page.html': { body: '<title>page</title>' } })
  try {
    const page = await browser!.newPage()
    await page.goto(`${server.origin}/page.html`)
    return await page.evaluate(expression)
  } finally {
    await server.close()
  }
}

describe.skipIf(!isChromiumAvailable())('launchChromium', () => {
  it('opens pages', async () => {
    browser = await launchChromium()
    expect(await evaluate('document.title')).toBe('page')
  }, 60_000)

  it('gives pages WebGPU where it is asked to', async () => {
    browser = await launchChromium({ webgpu: true })
    const adapter = `navigator.gpu.requestAdapter().then(adapter => adapter?.info.architecture)`
    expect(await evaluate(adapter)).toBe('swiftshader')
  }, 60_000)
})
