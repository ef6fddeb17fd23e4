import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { serve } from '@hono/node-server'
import { SurprisalError } from '@surprisal/tensor'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Feed } from './feed.ts'

/** A page that is served. */
export interface ServedPage {
  readonly url: string
  close(): Promise<void>
}

const uplot = dirname(createRequire(import.meta.url).resolve('uplot/package.json'))
const files: Readonly<Record<string, readonly [path: string, type: string]>> = {
  '/': [join(import.meta.dirname, 'page.html'), 'text/html; charset=utf-8'],
  '/page.js': [join(import.meta.dirname, 'page.js'), 'text/javascript'],
  '/page.css': [join(import.meta.dirname, 'page.css'), 'text/css'],
  '/uplot.js': [join(uplot, 'dist/uPlot.iife.min.js'), 'text/javascript'],
  '/uplot.css': [join(uplot, 'dist/uPlot.min.css'), 'text/css'],
}

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src data:"

/** The page of a training, and its events from the first on. */
export function pageApp(feed: Feed): Hono {
  const app = new Hono()
  app.use('*', async (c, next) => {
    // A name of another machine that leads here must not read what is said here.
    const host = new URL(c.req.url).hostname
    if (host !== '127.0.0.1' && host !== 'localhost') return c.text('forbidden', 403)
    await next()
    c.header('Content-Security-Policy', policy)
    c.header('Cache-Control', 'no-store')
  })
  app.get('/events', c => {
    const start = Number(c.req.header('Last-Event-ID') ?? -1) + 1
    return streamSSE(c, async stream => {
      const gone = new AbortController()
      stream.onAbort(() => gone.abort())
      let id = Number.isInteger(start) && start >= 0 ? start : 0
      for await (const events of feed.from(id, gone.signal)) {
        id += events.length
        await stream.writeSSE({ id: String(id - 1), data: JSON.stringify(events) })
      }
    })
  })
  for (const [route, [path, type]] of Object.entries(files))
    app.get(route, async c => c.body(await readFile(path), 200, { 'Content-Type': type }))
  return app
}

/**
 * Serves the page to this machine alone.
 * @param port 0 for any that is free
 * @throws {SurprisalError} `io` for a port that is taken
 */
export function servePage(feed: Feed, port: number): Promise<ServedPage> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: pageApp(feed).fetch, port, hostname: '127.0.0.1' }, address => {
      const close = () =>
        new Promise<void>(done => {
          server.close(() => done())
          if ('closeAllConnections' in server) server.closeAllConnections()
        })
      resolve({ url: `http://127.0.0.1:${address.port}/`, close })
    })
    server.on('error', cause => {
      reject(
        new SurprisalError('io', `tiny-lm: port ${port} cannot be used (${cause.message}); name another with --port`, {
          cause,
        }),
      )
    })
  })
}
