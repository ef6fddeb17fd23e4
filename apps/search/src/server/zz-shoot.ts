import { launchBrowser } from './browser-for-tests.ts'
import { createServer } from './create-server.ts'
import { createFixtureService } from './fixture-for-tests.ts'

const t = Date.now()
const server = await createServer(createFixtureService(), { port: 0 })
console.log('server', Date.now() - t)
const browser = await launchBrowser()
console.log('browser', Date.now() - t)
const only = process.argv[2]
const pages: [string, string][] = [
  ['home', ''],
  ['results', '?q=a+small+animal+with+soft+fur'],
  ['compare', '?q=a+vessel+that+travels+on+water&compare=1'],
  ['evaluation', '?view=evaluation'],
  ['empty', '?q=zzqqxx&system=bm25'],
]
for (const colorScheme of ['light', 'dark'] as const)
  for (const [size, viewport] of [
    ['desktop', { width: 1280, height: 900 }],
    ['phone', { width: 390, height: 844 }],
  ] as const) {
    const context = await browser.newContext({
      colorScheme,
      viewport,
      deviceScaleFactor: size === 'phone' ? 2 : 1,
      hasTouch: size === 'phone',
    })
    const page = await context.newPage()
    page.on('console', m => console.log('console', m.type(), m.text()))
    page.on('pageerror', e => console.log('pageerror', e.message))
    for (const [name, search] of pages) {
      if (only && !only.split(',').includes(name)) continue
      await page.goto(server.url + search)
      await page.waitForTimeout(400)
      if (name === 'results') {
        await page.keyboard.press('ArrowDown')
        await page.keyboard.press('Enter')
        await page.waitForTimeout(200)
      }
      await page.screenshot({ fullPage: name === 'evaluation', path: `/tmp/shots/${name}-${size}-${colorScheme}.png` })
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      if (overflow > 0) console.log('OVERFLOW', name, size, overflow)
    }
    await context.close()
  }
await browser.close()
await server.close()
console.log('done', Date.now() - t)
