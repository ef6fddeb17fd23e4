import { launchChromium } from '@surprisal/browser'
import { afterEach, describe, expect, it } from 'vitest'
import { Feed } from './feed.ts'
import { pageApp, type ServedPage, servePage } from './serve-page.ts'

const step = (n: number) =>
  ({
    kind: 'step',
    step: n,
    steps: 40,
    loss: 5 - n / 20,
    lr: 1e-3,
    tokensPerSecond: 1234,
    secondsLeft: 90 - n,
  }) as const

function fed(): Feed {
  const feed = new Feed()
  feed.add({ kind: 'about', text: 'A model of 1,000 parameters' })
  for (let n = 1; n <= 40; n++) feed.add(step(n))
  feed.add({ kind: 'evaluation', step: 40, natsPerCharacter: 1.5, sample: '<b>dog</b>: an animal' })
  return feed
}

describe('Feed', () => {
  it('gives all from the first on, and then what comes', async () => {
    const feed = fed()
    const gone = new AbortController()
    const seen: string[] = []
    for await (const events of feed.from(0, gone.signal)) {
      seen.push(...events.map(({ kind }) => kind))
      if (events[events.length - 1].kind === 'end') gone.abort()
      else setTimeout(() => feed.add({ kind: 'end', text: 'done' }))
    }
    expect(seen).toHaveLength(43)
    expect([seen[0], seen[1], seen[41], seen[42]]).toEqual(['about', 'step', 'evaluation', 'end'])
  })

  it('lets those go who listen no longer', async () => {
    const gone = new AbortController()
    setTimeout(() => gone.abort())
    for await (const _ of new Feed().from(0, gone.signal)) throw new Error('nothing was told')
  })
})

describe('pageApp', () => {
  it('serves the page and its parts under a strict policy', async () => {
    const app = pageApp(new Feed())
    for (const path of ['/', '/page.js', '/page.css', '/uplot.js', '/uplot.css']) {
      const answer = await app.request(`http://127.0.0.1${path}`)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
    }
    expect((await app.request('http://127.0.0.1/other')).status).toBe(404)
  })

  it('says nothing to other hosts', async () => {
    expect((await pageApp(fed()).request('http://evil.example/events')).status).toBe(403)
  })

  it('goes on behind the event that a page has seen', async () => {
    const answer = await pageApp(fed()).request('http://localhost/events', { headers: { 'Last-Event-ID': '40' } })
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    const { value } = await reader.read()
    const text = new TextDecoder().decode(value)
    expect(text).toContain('"evaluation"')
    expect(text).not.toContain('"step":1,')
    await reader.cancel()
  })
})

describe('the page', () => {
  let page: ServedPage | null = null
  afterEach(() => page?.close())

  it('refuses a port that is taken', async () => {
    page = await servePage(new Feed(), 0)
    const port = Number(new URL(page.url).port)
    await expect(servePage(new Feed(), port)).rejects.toThrow(`tiny-lm: port ${port} cannot be used`)
  })

  it.runIf(process.platform === 'linux' && process.arch === 'x64')(
    'shows a training',
    async () => {
      page = await servePage(fed(), 0)
      const browser = await launchChromium()
      try {
        const view = await browser.newPage({ locale: 'en-US', viewport: { width: 390, height: 800 } })
        const problems: string[] = []
        view.on('console', message => message.type() === 'error' && problems.push(message.text()))
        view.on('pageerror', error => problems.push(String(error)))
        await view.goto(page.url)
        await view.locator('#samples li').waitFor()
        expect(await view.locator('#step').textContent()).toBe('40 of 40')
        expect(await view.locator('#validation').textContent()).toBe('1.500')
        expect(await view.locator('#samples li').textContent()).toContain('<b>dog</b>: an animal')
        await view.locator('#plot canvas').waitFor()
        const overflow = await view.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        expect(overflow).toBeLessThanOrEqual(0)
        expect(problems).toEqual([])
        if (process.env.SHOTS) {
          await view.screenshot({ path: `${process.env.SHOTS}/lm-phone.png`, fullPage: true })
          await view.setViewportSize({ width: 1100, height: 800 })
          await view.emulateMedia({ colorScheme: 'dark' })
          await view.screenshot({ path: `${process.env.SHOTS}/lm-dark.png`, fullPage: true })
        }
      } finally {
        await browser.close()
      }
    },
    60_000,
  )
})
