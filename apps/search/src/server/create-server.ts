import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { SurprisalError } from '@surprisal/tensor'
import { createApp } from './app.ts'
import type { SearchService } from './types.ts'
import { loadWebAssets } from './web-assets.ts'

/** Where to listen. */
export interface ServerOptions {
  /** 0 takes any free port. */
  port: number
  /** Only the loopback address is accepted: the page is for the person at this machine. Default `'127.0.0.1'`. */
  host?: '127.0.0.1'
}

/** A server that listens. */
export interface RunningServer {
  /** Address of the page, for instance `http://127.0.0.1:4173/`. */
  url: string
  /** Stops listening, lets running answers end, and resolves within two seconds. */
  close(): Promise<void>
}

/**
 * Serves the search page and its interface on the loopback address.
 *
 * @throws {SurprisalError} 'argument' for a host other than 127.0.0.1 or a port outside 0 to 65535; 'io' when the port
 * is taken or not allowed, or when the page cannot be built.
 */
export async function createServer(service: SearchService, options: ServerOptions): Promise<RunningServer> {
  const { port, host = '127.0.0.1' } = options
  if (host !== '127.0.0.1') {
    throw new SurprisalError('argument', `createServer: host must be 127.0.0.1, got ${String(host)}`)
  }
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new SurprisalError('argument', `createServer: port must be a whole number from 0 to 65535, got ${port}`)
  }
  const assets = await loadWebAssets()
  let actualPort = port
  const app = createApp(service, assets, () => actualPort)
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: { maxHeaderSize: 16_384, headersTimeout: 10_000, requestTimeout: 10_000, keepAliveTimeout: 5_000 },
  }) as Server
  server.maxConnections = 256
  server.on('clientError', (_error, socket) => {
    // The request could not be parsed, so that there is no response object to answer it with.
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    else socket.destroy()
  })
  await listen(server, port, host)
  actualPort = (server.address() as AddressInfo).port
  return { url: `http://${host}:${actualPort}/`, close: () => closeServer(server) }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', error => reject(explainListenError(error, port, host)))
    server.listen(port, host, resolve)
  })
}

function explainListenError(error: NodeJS.ErrnoException, port: number, host: string): SurprisalError {
  const reasons: Record<string, string> = { EADDRINUSE: 'is already in use', EACCES: 'may not be opened by this user' }
  const reason = reasons[error.code ?? ''] ?? `cannot be opened (${error.code ?? error.message})`
  return new SurprisalError('io', `createServer: port ${port} of ${host} ${reason}; choose another with --port`, {
    cause: error,
  })
}

function closeServer(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve()
  return new Promise(resolve => {
    const grace = setTimeout(() => server.closeAllConnections(), 1000)
    server.close(() => {
      clearTimeout(grace)
      resolve()
    })
    server.closeIdleConnections()
  })
}
