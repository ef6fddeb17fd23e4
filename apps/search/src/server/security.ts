import type { Context, Next } from 'hono'
import type { ErrorResponse } from './types.ts'

/** Longest request target that is answered; a query of 500 characters needs at most 4,500 when percent-encoded. */
const maxTargetLength = 6000

const securityHeaders = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** Sets the headers that every answer carries, refusals included. */
export async function setSecurityHeaders(c: Context, next: Next): Promise<void> {
  await next()
  for (const [name, value] of Object.entries(securityHeaders)) c.res.headers.set(name, value)
}

/**
 * Middleware that refuses what no page of ours sends: a foreign Host (403), a method other than GET and HEAD (405),
 * a body (413), a long target (414), broken percent-encoding (400).
 *
 * A loopback address alone does not keep other sites out: with DNS rebinding a page of theirs becomes "same origin"
 * with this server, but its requests still carry their own host name.
 *
 * @param port the port that the Host header must name, asked for at each request since it is known only after listening.
 */
export function refuseForeignRequests(port: () => number) {
  return async (c: Context, next: Next): Promise<Response | undefined> => {
    const refusal = findRefusal(c, port())
    if (refusal === null) {
      await next()
      return undefined
    }
    // The rest of a refused request is not worth reading.
    return c.json<ErrorResponse>({ error: refusal.error }, refusal.status, { Connection: 'close', ...refusal.headers })
  }
}

interface Refusal {
  status: 400 | 403 | 405 | 413 | 414
  error: string
  headers?: Record<string, string>
}

function findRefusal(c: Context, port: number): Refusal | null {
  if (!isOwnHost(c.req.header('host'), port)) {
    return { status: 403, error: `the Host header must be 127.0.0.1:${port} or localhost:${port}` }
  }
  const { method } = c.req
  if (method !== 'GET' && method !== 'HEAD') {
    return { status: 405, error: 'only GET and HEAD are answered', headers: { Allow: 'GET, HEAD' } }
  }
  const length = c.req.header('content-length')
  if ((length !== undefined && length !== '0') || c.req.header('transfer-encoding') !== undefined) {
    return { status: 413, error: 'a request body is not accepted' }
  }
  if (c.req.url.length > maxTargetLength) {
    return { status: 414, error: `the address must be at most ${maxTargetLength} characters` }
  }
  if (!isDecodable(c.req.url)) return { status: 400, error: 'the address has broken percent-encoding' }
  return null
}

function isOwnHost(host: string | undefined, port: number): boolean {
  const names = ['127.0.0.1', 'localhost']
  return names.some(name => host === `${name}:${port}` || (port === 80 && host === name))
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
