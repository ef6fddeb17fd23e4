import { afterEach, describe, expect, it } from 'vitest'
import { type PageServer, servePages } from './serve.ts'

let server: PageServer | undefined

afterEach(() => server?.close())

describe('servePages', () => {
  it('serves files from memory, with their types and headers', async () => {
    server = await servePages({
      '/page.html': { body: '<p>ü', headers: { 'x-page': 'yes' } },
      '/a.js': { body: '1' },
      '/plain': { body: 'text' },
    })
    const page = await fetch(`${server.origin}/page.html?query`)
    expect([page.status, page.headers.get('content-type'), page.headers.get('x-page'), await page.text()]).toEqual([
      200,
      'text/html; charset=utf-8',
      'yes',
      '<p>ü',
    ])
    expect((await fetch(`${server.origin}/a.js`)).headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect((await fetch(`${server.origin}/plain`)).headers.get('content-type')).toBe('text/plain; charset=utf-8')
  })

  it.each(['/', '/toString', '/../package.json'])('does not find %s', async path => {
    server = await servePages({ '/page.html': { body: '' } })
    expect((await fetch(server.origin + path)).status).toBe(404)
  })

  it('ends with connections open', async () => {
    const opened = await servePages({ '/a.js': { body: '1' } })
    await (await fetch(`${opened.origin}/a.js`)).text()
    await opened.close()
    await expect(fetch(`${opened.origin}/a.js`)).rejects.toThrow('fetch failed')
  })
})
