import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'

/** A file of a page. */
export interface PageFile {
  readonly body: string
  /** Besides the content type, which the name of the file tells. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A server on this machine alone. */
export interface PageServer {
  /** Address without a slash at its end, such as `http://localhost:4321`: pages there are secure contexts. */
  readonly origin: string
  close(): Promise<void>
}

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json' }

/** Serves files from memory, by path as in `/page.html`; everything else is not found. */
export async function servePages(files: Readonly<Record<string, PageFile>>): Promise<PageServer> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    if (!Object.hasOwn(files, path)) {
      response.writeHead(404).end()
      return
    }
    const { body, headers } = files[path]
    const type = types[extname(path)] ?? 'text/plain'
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, ...headers }).end(body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://localhost:${port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
