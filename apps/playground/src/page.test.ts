import { isChromiumAvailable, launchChromium } from '@surprisal/browser'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { serveForTests } from './page-for-tests.ts'
import type { RunningPlayground } from './serve.ts'

if (!isChromiumAvailable()) console.warn(`playground: no browser for ${process.platform} ${process.arch}; skipped`)

let server: RunningPlayground
let context: BrowserContext
let page: Page
let complaints: string[]

beforeAll(async () => {
  server = await serveForTests()
}, 60_000)

afterAll(() => server?.close())

/** Opens the page; whatever it logs, throws, or asks of another server is a complaint. */
async function open(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}): Promise<void> {
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  page = await context.newPage()
  complaints = []
  page.on('console', message => complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(error.message))
  page.on('request', request => {
    if (
      !request
        .url()
        .replace(/^blob:/, '')
        .startsWith(server.url)
    )
      complaints.push(request.url())
  })
  await page.goto(server.url)
  await button('Measure').and(page.locator(':enabled')).waitFor()
}

async function close(): Promise<void> {
  await context.close()
  expect(complaints).toEqual([])
}

const button = (name: string) => page.getByRole('button', { name })
const heads = () => page.locator('.numbers thead th').allTextContents()
/** What the table says of a device: best time, median, rate, dispatches. */
async function numbersOf(device: string): Promise<string[]> {
  const column = (await heads()).indexOf(device)
  return page.locator(`.numbers tbody td:nth-of-type(${column + 1})`).allTextContents()
}
const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
const done = () => page.getByRole('status').getByText('Measured.').waitFor({ state: 'attached', timeout: 15_000 })

async function measure(work: string, size: string): Promise<void> {
  await page.getByText(work, { exact: true }).click()
  await page.getByRole('combobox').selectOption(size)
  await button('Measure').click()
  await done()
}

describe.skipIf(!isChromiumAvailable())('with WebGPU', () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium({ webgpu: true })
  }, 60_000)

  afterAll(() => browser?.close())
  afterEach(close)

  it('tells what the device is', async () => {
    await open(browser)
    expect(await page.title()).toBe('WebGPU · Surprisal playground')
    const card = page.locator('.card').nth(1)
    expect(await card.textContent()).toContain('played by the processor')
    expect(await card.locator('.chips li').allTextContents()).toContain('timestamp-query')
    await page.getByText('Limits of the GPU').click()
    expect(await page.locator('.limits').textContent()).toMatch(/storage buffer binding size\d+ [MG]iB/)
    expect(await page.locator('.card').first().textContent()).toContain('several, over shared memory')
  })

  it.each([
    ['Matrix product', '64'],
    ['Fused chain', '4096'],
  ])('measures both devices, which agree: %s', async (work, size) => {
    await open(browser)
    await measure(work, size)
    for (const device of ['WebAssembly', 'WebGPU']) {
      const [best, median, rate] = await numbersOf(device)
      expect(best).toMatch(/^[\d.,]+ m?s$/)
      expect(median).toMatch(/^[\d.,]+ m?s$/)
      expect(Number.parseFloat(rate)).toBeGreaterThan(0)
    }
    expect((await numbersOf('WebGPU'))[3]).toBe('1')
    expect(await page.locator('.verdict').textContent()).toMatch(/is [\d.,]+ times as fast\.$/)
    const [, difference] = /results: (\S+), of values/.exec((await page.locator('.results').textContent())!)!
    expect(Number(difference)).toBeLessThan(1e-4)
    await page.locator('.plot canvas').waitFor()
    expect(await page.locator('.u-legend .u-label').allTextContents()).toEqual(['sample', 'WebAssembly', 'WebGPU'])
  })

  it('can be stopped, and answers meanwhile', async () => {
    await open(browser)
    await page.getByRole('combobox').selectOption('512')
    await button('Measure').click()
    await page.locator('.numbers').waitFor({ timeout: 15_000 })
    const answered = await page.evaluate(async () => {
      const started = performance.now()
      await new Promise(resolve => setTimeout(resolve))
      return performance.now() - started
    })
    expect(answered).toBeLessThan(500)
    await button('Stop').click()
    await button('Measure').waitFor()
    expect(complaints).toEqual([])
  })

  it.each(['light', 'dark'] as const)('fits a phone, %s', async colorScheme => {
    await open(browser, { viewport: { width: 390, height: 844 }, colorScheme })
    await page.getByText('Limits of the GPU').click()
    expect(await overflow()).toBeLessThanOrEqual(0)
    await measure('Matrix product', '64')
    await page.locator('.plot canvas').waitFor()
    expect(await overflow()).toBeLessThanOrEqual(0)
  })
})

describe.skipIf(!isChromiumAvailable())('without WebGPU', () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium()
  }, 60_000)

  afterAll(() => browser?.close())
  afterEach(close)

  it('says so and measures WebAssembly alone', async () => {
    await open(browser)
    expect(await page.locator('.notice').textContent()).toContain(
      'This browser gives no GPU, so WebAssembly is measured alone',
    )
    await measure('Matrix product', '64')
    expect(await heads()).toEqual(['WebAssembly'])
    expect((await numbersOf('WebAssembly'))[3]).toBe('–')
    expect(await page.locator('.verdict').count()).toBe(0)
    await page.locator('.plot canvas').waitFor()
  })

  it('is used by the keyboard alone', async () => {
    await open(browser)
    await page.getByRole('radio', { name: 'Matrix product' }).focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.getByRole('radio', { name: 'Fused chain' }).isChecked()).toBe(true)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Home')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await done()
    expect(await page.getByRole('heading', { name: /^Fused chain/ }).textContent()).toContain('elements')
  })
})
