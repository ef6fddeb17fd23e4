import { launchChromium } from '@surprisal/browser'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createServer, type RunningServer } from './create-server.ts'
import { createFixtureService } from './fixture-for-tests.ts'
import type { SearchHit, SearchService } from './types.ts'

const hostile: SearchHit = {
  id: 'x1',
  title: '<img src=x onerror="document.title=1">',
  text: '<script>document.title = 2</script> markup',
  score: 1,
  matched: ['markup'],
  location: 'notes/<b>.md:12',
}
const fixture = createFixtureService()
const service: SearchService = {
  ...fixture,
  search: (query, options) =>
    query === 'markup' ? { hits: [hostile], milliseconds: 1 } : fixture.search(query, options),
}

let browser: Browser
let server: RunningServer
let context: BrowserContext
let page: Page
let complaints: string[]

beforeAll(async () => {
  const started = await Promise.all([launchChromium(), createServer(service, { port: 0 })])
  browser = started[0]
  server = started[1]
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await server?.close()
})

beforeEach(() => openContext({ viewport: { width: 1280, height: 900 } }))

afterEach(async () => {
  await context.close()
  expect(complaints).toEqual([])
})

/** Opens an empty page; whatever it logs, throws, or asks of another server is a complaint. */
async function openContext(options: Parameters<Browser['newContext']>[0]): Promise<void> {
  await context?.close()
  context = await browser.newContext(options)
  page = await context.newPage()
  complaints = []
  page.on('console', message => complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(error.message))
  page.on('request', request => {
    if (!request.url().startsWith(server.url)) complaints.push(request.url())
  })
}

const open = (search = '') => page.goto(server.url + search)
const box = () => page.getByRole('searchbox', { name: 'Describe what you are looking for' })
const titles = (column = 0) => page.locator(`[data-hit-column="${column}"]`)
const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
const address = () => page.evaluate(() => location.search)

describe('searching', () => {
  it('takes the focus on load and answers while one types', async () => {
    await open()
    await page.getByRole('heading', { name: 'Say what you mean.' }).waitFor()
    await page.keyboard.type('a feline')
    await titles().getByText('cat, true cat').waitFor()
    const before = await titles().allTextContents()
    await page.keyboard.type(' or a vessel that travels on water')
    await titles().first().getByText('boat').waitFor()
    expect(await titles().allTextContents()).not.toEqual(before)
    await expect.poll(address).toBe('?q=a+feline+or+a+vessel+that+travels+on+water')
    await expect.poll(() => page.title()).toBe('a feline or a vessel that travels on water · Surprisal search')
  })

  it('shows rank, word, part of speech, score and gloss, and marks the words that matched', async () => {
    await open('?q=small+vessel+for+travel&system=bm25')
    const first = page.locator('.hit').first()
    await first.waitFor()
    expect(await first.locator('h3').textContent()).toBe('boatnoun')
    expect(await first.locator('.gloss').textContent()).toBe('a small vessel for travel on water')
    expect(await first.locator('mark').allTextContents()).toEqual(['small', 'vessel', 'for', 'travel'])
    const expected = service.search('small vessel for travel', { system: 'bm25', k: 1 }).hits[0].score
    expect(Number((await first.locator('.score').textContent())!.replace(/\D*/, ''))).toBeCloseTo(expected, 1)
  })

  it('opens a result to its rank in every system, and searches for its meaning', async () => {
    await open('?q=soft+fur')
    await page.getByRole('button', { name: 'cat, true cat' }).click()
    await page.getByText('In common: soft, fur').waitFor()
    await expect.poll(() => page.locator('.detail dd').allTextContents()).not.toContain('…')
    expect(await page.locator('.detail dt').allTextContents()).toEqual([
      'Hybrid',
      'Dense',
      'BM25',
      'Student',
      'Int8',
      'Binary',
    ])
    await page.getByRole('button', { name: 'Search for this meaning' }).click()
    await expect.poll(() => box().inputValue()).toContain('feline mammal')
  })

  it('starts from an example, restores a shared link and says when there is nothing', async () => {
    await open()
    await page.getByRole('button', { name: 'a vessel that travels on water' }).click()
    await titles().first().waitFor()
    await expect.poll(address).toBe('?q=a+vessel+that+travels+on+water')
    await page.reload()
    await titles().first().getByText('boat').waitFor()
    expect(await box().inputValue()).toBe('a vessel that travels on water')
    await open('?q=zzqqxx&system=bm25')
    await page.getByRole('heading', { name: 'Nothing found' }).waitFor()
    await page.getByRole('button', { name: 'Search by meaning instead' }).click()
    await expect.poll(address).toBe('?q=zzqqxx&system=dense')
  })

  it('shows more on demand', async () => {
    await open('?q=a+small+animal&system=dense')
    await expect.poll(() => titles().count()).toBe(10)
    await page.getByRole('button', { name: 'Show more' }).click()
    await expect.poll(() => titles().count()).toBe(20)
  })

  it('shows markup as text', async () => {
    await open('?q=markup')
    await titles().getByText(hostile.title).waitFor()
    expect(await page.locator('.gloss').textContent()).toBe(hostile.text)
    expect(await page.locator('.location').textContent()).toBe(hostile.location)
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.title()).toBe('markup · Surprisal search')
  })

  it('says when the program is gone, keeps the results, and tries again', async () => {
    await open('?q=soft+fur')
    await titles().first().waitFor()
    await page.route('**/api/**', route => route.abort())
    await box().fill('soft fur animal')
    await page.getByRole('alert').getByText('Is it still running in its terminal?').waitFor()
    expect(await titles().count()).toBeGreaterThan(0)
    await page.unroute('**/api/**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(() => page.getByRole('alert').count()).toBe(0)
    // The browser itself logs the requests that were cut off above.
    expect(complaints.splice(0).every(line => line.includes('net::ERR_FAILED'))).toBe(true)
  })

  it('tells a screen reader what was found', async () => {
    await open('?q=soft+fur')
    await page.getByRole('status').getByText('First: cat, true cat').waitFor()
  })
})

describe('comparing', () => {
  it('sets BM25, dense and hybrid side by side and marks one result in all of them', async () => {
    await open('?q=a+vessel+that+travels+on+water')
    await page.getByRole('button', { name: 'Compare' }).click()
    await titles(2).first().waitFor()
    expect(await page.locator('.comparison h2').allTextContents()).toEqual(['BM25', 'Dense', 'Hybrid'])
    const [left, middle, right] = await Promise.all(
      [0, 1, 2].map(async column => (await titles(column).first().boundingBox())!),
    )
    expect(left.x < middle.x && middle.x < right.x).toBe(true)
    await titles(0).getByText('ship').hover()
    await expect.poll(() => page.locator('[data-active="true"] h3').allTextContents()).toEqual(['ship', 'ship', 'ship'])
    await expect.poll(address).toBe('?q=a+vessel+that+travels+on+water&compare=1')
  })
})

describe('the keyboard', () => {
  const focused = () => page.evaluate(() => document.activeElement?.textContent)

  it('walks through the results, goes back to the box and clears', async () => {
    await open('?q=soft+fur&system=bm25')
    await titles().first().waitFor()
    const words = await titles().allTextContents()
    await page.keyboard.press('ArrowDown')
    expect(await focused()).toBe(words[0])
    await page.keyboard.press('ArrowDown')
    expect(await focused()).toBe(words[1])
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    await page.getByText('In common: soft, fur').waitFor()
    await page.keyboard.press('ArrowUp')
    expect(await box().evaluate(element => element === document.activeElement)).toBe(true)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('/')
    expect(await box().evaluate(element => element === document.activeElement)).toBe(true)
    await page.keyboard.press('Escape')
    expect(await box().inputValue()).toBe('')
    await page.getByRole('heading', { name: 'Say what you mean.' }).waitFor()
    await page.keyboard.type('/')
    expect(await box().inputValue()).toBe('/')
  })

  it('moves between the columns of the comparison', async () => {
    await open('?q=soft+fur&compare=1')
    await titles(2).first().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    expect(await focused()).toBe((await titles(1).allTextContents())[1])
  })
})

describe('the evaluation', () => {
  it('shows a table for each set of queries, the best of each column bold, and the training curve', async () => {
    await open()
    await page.getByRole('link', { name: 'Evaluation' }).click()
    await expect.poll(address).toBe('?view=evaluation')
    const table = page.getByRole('region', { name: 'Evaluation on held-out definitions' })
    expect(await table.locator('thead th').allTextContents()).toEqual([
      'System',
      'recall@1',
      'recall@10',
      'recall@100',
      'MRR@10',
      'nDCG@10',
      'bytes / entry',
      'queries / s',
    ])
    expect(await table.locator('tbody tr').last().locator('[data-best="true"]').allTextContents()).toEqual([
      '0.188',
      '0.421',
      '0.634',
      '0.257',
      '0.296',
    ])
    expect(await page.getByRole('region').count()).toBeGreaterThanOrEqual(2)
    const canvas = page.getByRole('img', { name: 'Plot of the training loss over the steps' }).locator('canvas')
    await canvas.waitFor()
    expect(await canvas.evaluate(inked)).toBeGreaterThan(2000)
    await page.getByText('from 6.75 to 1.83 in 300 steps').waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'Say what you mean.' }).waitFor()
  })
})

/** Number of the pixels of a canvas that something was drawn on. */
function inked(element: SVGElement | HTMLElement): number {
  const canvas = element as HTMLCanvasElement
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
  let count = 0
  for (let i = 3; i < data.length; i += 4) if (data[i] > 0) count++
  return count
}

describe('the theme', () => {
  const light = 'rgb(250, 249, 247)'
  const dark = 'rgb(19, 21, 23)'

  it('follows the system', async () => {
    await openContext({ colorScheme: 'dark' })
    await open()
    expect(await background()).toBe(dark)
    await page.emulateMedia({ colorScheme: 'light' })
    expect(await background()).toBe(light)
  })

  it('is changed by the button, remembered, and given back to the system', async () => {
    await openContext({ colorScheme: 'light' })
    await open('?view=evaluation')
    await page.getByRole('button', { name: 'Switch to dark theme' }).click()
    expect(await background()).toBe(dark)
    await page.reload()
    await page.getByRole('button', { name: 'Switch to light theme' }).waitFor()
    expect(await background()).toBe(dark)
    await page.getByRole('button', { name: 'Switch to light theme' }).click()
    expect(await background()).toBe(light)
    expect(await page.evaluate(() => localStorage.length)).toBe(0)
  })
})

describe('a phone', () => {
  beforeEach(() => openContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }))

  it.each(['', '?q=soft+fur', '?q=soft+fur&compare=1', '?view=evaluation', `?q=${'x'.repeat(400)}&system=bm25`])(
    'needs no sideways scrolling at /%s',
    async search => {
      await open(search)
      await page.locator('main h1, main h2, main h3').first().waitFor()
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width).toBe(390)
    },
  )

  it('shows the gloss of the chosen word below the compared columns', async () => {
    await open('?q=a+vessel+that+travels+on+water&compare=1')
    await titles(0).getByText('ship').tap()
    expect(await page.getByRole('complementary', { name: 'Chosen result' }).textContent()).toContain(
      'a vessel that carries passengers or freight',
    )
  })
})
