import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveForTests } from './page-for-tests.ts'
import type { RunningPlayground } from './serve.ts'

let page: RunningPlayground

beforeAll(async () => {
  page = await serveForTests()
}, 60_000)

afterAll(() => page?.close())

describe('the served page', () => {
  it('is isolated from other pages, so that it may share memory', async () => {
    const { status, headers } = await fetch(page.url)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp')
  })

  it('names its files relative to itself, so that it works below any path', async () => {
    const html = await (await fetch(page.url)).text()
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(match => match[1])
    expect(files.length).toBeGreaterThanOrEqual(3)
    for (const file of files) {
      expect(file).toMatch(/^\.\//)
      expect((await fetch(new URL(file, page.url))).status).toBe(200)
    }
  })
})
