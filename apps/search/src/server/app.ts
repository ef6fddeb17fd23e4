import { type Context, Hono } from 'hono'
import { parseSearchRequest } from './search-request.ts'
import { refuseForeignRequests, setSecurityHeaders } from './security.ts'
import type { ErrorResponse, InfoResponse, SearchResponse, SearchService } from './types.ts'
import type { WebAsset } from './web-assets.ts'

/**
 * The routes over a search service: the page with its assets, `/api/search` and `/api/info`.
 *
 * Assets are answered from a map by their exact path, so that no request can reach the file system.
 *
 * @param assets by path, for instance `/index.html`.
 * @param port the port that requests must name in their Host header.
 */
export function createApp(service: SearchService, assets: ReadonlyMap<string, WebAsset>, port: () => number): Hono {
  const app = new Hono()
  app.use('*', setSecurityHeaders, refuseForeignRequests(port))
  app.get('/api/search', c => search(c, service))
  app.get('/api/info', c => {
    const { corpus, systems, evaluation, curve } = service
    return c.json<InfoResponse>({ corpus, systems, evaluation, curve }, 200, { 'Cache-Control': 'no-store' })
  })
  app.get('*', c => answerAsset(c, assets))
  app.onError((_error, c) => c.json<ErrorResponse>({ error: 'the search failed' }, 500))
  return app
}

function search(c: Context, service: SearchService): Response {
  const parsed = parseSearchRequest(c.req.query(), service.systems)
  if ('error' in parsed) return c.json<ErrorResponse>(parsed, 400)
  const { q, k, systems } = parsed.request
  const results = systems.map(system => {
    const answer = q === '' ? { hits: [], milliseconds: 0 } : service.search(q, { system, k })
    return { system, ...answer }
  })
  return c.json<SearchResponse>({ query: q, results }, 200, { 'Cache-Control': 'no-store' })
}

function answerAsset(c: Context, assets: ReadonlyMap<string, WebAsset>): Response {
  const path = c.req.path === '/' ? '/index.html' : c.req.path
  const asset = assets.get(path)
  if (asset === undefined) return c.json<ErrorResponse>({ error: 'no such page' }, 404)
  return c.body(asset.body, 200, { 'Content-Type': asset.type, 'Cache-Control': asset.cacheControl })
}
