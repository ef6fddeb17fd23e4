import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createServer, type RunningServer } from './create-server.ts'
import { createFixtureService } from './fixture-for-tests.ts'
import { sendBytes, sendRaw } from './http-for-tests.ts'
import type { InfoResponse, SearchResponse, SearchService } from './types.ts'

const entries = [
  { id: 'n1', title: 'cat', text: 'feline mammal with soft fur' },
  { id: 'n2', title: 'dog', text: 'a member of the genus Canis' },
  { id: 'n3', title: '<script>alert(1)</script>', text: 'markup & "quotes"' },
]
const service: SearchService = createFixtureService(entries)
let server: RunningServer

beforeAll(async () => {
  server = await createServer(service, { port: 0 })
})

afterAll(() => server.close())

async function search(parameters: Record<string, string>): Promise<{ status: number; body: SearchResponse }> {
  const response = await fetch(`${server.url}api/search?${new URLSearchParams(parameters)}`)
  return { status: response.status, body: (await response.json()) as SearchResponse }
}

describe('the interface', () => {
  it('answers a search of several systems in the order asked', async () => {
    const { status, body } = await search({ q: 'soft fur', systems: 'dense,bm25', k: '1' })
    expect(status).toBe(200)
    expect(body.query).toBe('soft fur')
    expect(body.results.map(result => result.system)).toEqual(['dense', 'bm25'])
    for (const result of body.results) {
      expect(result.hits).toHaveLength(1)
      expect(result.hits[0]).toMatchObject({ id: 'n1', title: 'cat', matched: ['soft', 'fur'] })
      expect(result.milliseconds).toBeGreaterThanOrEqual(0)
    }
  })

  it('answers an empty query with no hits and does not ask the service', async () => {
    const { status, body } = await search({ q: '  ', systems: 'bm25' })
    expect(status).toBe(200)
    expect(body.results).toEqual([{ system: 'bm25', hits: [], milliseconds: 0 }])
  })

  it('passes markup on as data', async () => {
    const { body } = await search({ q: '<script>alert(1)</script>', systems: 'bm25' })
    expect(body.results[0].hits[0].title).toBe('<script>alert(1)</script>')
  })

  it('answers bad parameters with 400 and one line', async () => {
    const response = await fetch(`${server.url}api/search?q=cat&k=0`)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: 'k: must be a whole number from 1 to 100' })
  })

  it('takes the longest query in its longest encoding', async () => {
    const q = '語'.repeat(500)
    expect((await search({ q, systems: 'bm25' })).body.query).toBe(q)
  })

  it('tells corpus, systems, evaluation and curve', async () => {
    const info = (await (await fetch(`${server.url}api/info`)).json()) as InfoResponse
    expect(info).toEqual({
      corpus: service.corpus,
      systems: service.systems,
      evaluation: service.evaluation,
      curve: service.curve,
    })
  })

  it('answers many searches at once, each with its own', async () => {
    const words = ['cat', 'dog', 'soft', 'canis', 'genus', 'feline', 'quotes', 'markup']
    const queries = Array.from({ length: 64 }, (_, index) => words[index % words.length])
    const answers = await Promise.all(queries.map(q => search({ q, systems: 'bm25' })))
    expect(answers.map(answer => answer.body.query)).toEqual(queries)
    expect(answers.every(answer => answer.body.results[0].hits[0].matched[0] === answer.body.query)).toBe(true)
  })

  it('answers a failure of the service with 500 and no details, and goes on', async () => {
    const failing = await createServer(
      {
        ...service,
        search: () => {
          throw new Error('/secret/path')
        },
      },
      { port: 0 },
    )
    const response = await fetch(`${failing.url}api/search?q=cat`)
    expect(response.status).toBe(500)
    expect(await response.json()).toEqual({ error: 'the search failed' })
    expect((await fetch(`${failing.url}api/info`)).status).toBe(200)
    await failing.close()
  })
})

describe('the page', () => {
  it('is served with its assets, under a strict policy', async () => {
    const response = await fetch(server.url)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
    const html = await response.text()
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(match => match[1])
    expect(assets.length).toBeGreaterThanOrEqual(4)
    for (const asset of assets) {
      expect(asset).toMatch(/^\//)
      expect((await fetch(new URL(asset, server.url))).status).toBe(200)
    }
    expect(html).not.toMatch(/<script>|<style|style=|https?:/)
  })

  it.each(['/', '/api/info', '/api/search?k=0', '/nowhere'])('sends the protecting headers with %s', async path => {
    const { headers } = await sendRaw(server.url, { path, headers: { Host: new URL(server.url).host } })
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  it.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/%2e%2e/package.json',
    '/assets/../../vite.config.ts',
    '/....//package.json',
    '/index.html%00.js',
    '//etc/passwd',
    '/__proto__',
    '/constructor',
  ])('finds nothing at %s', async path => {
    const { status, body } = await sendRaw(server.url, { path, headers: { Host: new URL(server.url).host } })
    expect(status).toBe(404)
    expect(body).toBe('{"error":"no such page"}')
  })
})

describe('requests that no page of ours sends', () => {
  it('refuses a foreign Host', async () => {
    const { port } = new URL(server.url)
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', 'localhost:1', `[::1]:${port}`]) {
      expect((await sendRaw(server.url, { headers: { Host: host } })).status).toBe(403)
    }
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
      expect((await sendRaw(server.url, { headers: { Host: host } })).status).toBe(200)
    }
  })

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])('refuses %s', async method => {
    const { host } = new URL(server.url)
    const answer = await sendRaw(server.url, { method, path: '/api/search?q=cat', headers: { Host: host } })
    expect(answer.status).toBe(405)
    expect(answer.headers.allow).toBe('GET, HEAD')
  })

  it('answers HEAD without a body', async () => {
    const response = await fetch(server.url, { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  })

  it('refuses a body', async () => {
    const { host } = new URL(server.url)
    const counted = await sendRaw(server.url, { headers: { Host: host, 'Content-Length': '4' }, body: 'body' })
    expect(counted.status).toBe(413)
    const chunked = await sendRaw(server.url, { headers: { Host: host, 'Transfer-Encoding': 'chunked' }, body: 'body' })
    expect(chunked.status).toBe(413)
  })

  it('refuses a long address and long headers', async () => {
    const { host } = new URL(server.url)
    const long = await sendRaw(server.url, { path: `/?q=${'x'.repeat(7000)}`, headers: { Host: host } })
    expect(long.status).toBe(414)
    const huge = await sendRaw(server.url, { headers: { Host: host, Cookie: 'x'.repeat(40_000) } })
    expect(huge.status).toBe(400)
  })

  it.each(['/api/search?q=%', '/api/search?q=%E0%A4%A', '/%ff', '/%zz'])('refuses %s', async path => {
    const answer = await sendRaw(server.url, { path, headers: { Host: new URL(server.url).host } })
    expect(answer.status).toBe(400)
    expect(answer.body).toBe('{"error":"the address has broken percent-encoding"}')
  })

  it.each([
    'nonsense\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nbroken\r\n\r\n',
    'GET /..\\package.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    'GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: 127.0.0.1:1.evil.example\r\nConnection: close\r\n\r\n',
    'GET http://[ HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n',
    '\u0016\u0003\u0001\u0000\u00ff',
  ])('survives the bytes %j', async bytes => {
    expect(await sendBytes(server.url, bytes)).toMatch(/^HTTP\/1\.1 (400|403|505) /)
    expect((await fetch(`${server.url}api/info`)).status).toBe(200)
  })
})

describe('createServer', () => {
  it('listens on the loopback address only', () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
  })

  it('refuses another host and an impossible port', async () => {
    await expect(createServer(service, { port: 0, host: '0.0.0.0' as '127.0.0.1' })).rejects.toThrow(
      'createServer: host must be 127.0.0.1, got 0.0.0.0',
    )
    for (const port of [-1, 65_536, 1.5, Number.NaN]) {
      await expect(createServer(service, { port })).rejects.toThrow(
        `createServer: port must be a whole number from 0 to 65535, got ${port}`,
      )
    }
  })

  it('names an occupied port and the way out', async () => {
    const other = createHttpServer()
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    await expect(createServer(service, { port })).rejects.toMatchObject({
      name: 'SurprisalError',
      code: 'io',
      message: `createServer: port ${port} of 127.0.0.1 is already in use; choose another with --port`,
    })
    other.close()
  })

  it('closes within two seconds while connections stay open, and frees its port', async () => {
    const closing = await createServer(service, { port: 0 })
    const port = Number(new URL(closing.url).port)
    await fetch(closing.url)
    for (const bytes of ['', 'GET / HT']) {
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes)).on('error', () => {})
      await once(socket, 'connect')
    }
    const started = performance.now()
    await closing.close()
    await closing.close()
    expect(performance.now() - started).toBeLessThan(2000)
    const again = await createServer(service, { port })
    await again.close()
  })
})
