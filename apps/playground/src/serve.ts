import { fileURLToPath } from 'node:url'
import { SurprisalError } from '@surprisal/tensor'
import { build, preview } from 'vite'

/** A page on this machine. */
export interface RunningPlayground {
  /** Address with a slash at its end. */
  readonly url: string
  close(): Promise<void>
}

/** Options of {@link servePlayground}. */
export interface ServeOptions {
  /** 0 for any free one. */
  readonly port: number
  /** Folder of the built page. @default `dist` of the app */
  readonly folder?: string
}

const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url))
const dist = fileURLToPath(new URL('../dist', import.meta.url))

/** They let the page share memory between threads; without them WebAssembly computes on one. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
}

/** Builds the page into a folder of static files, for any web server. */
export async function buildPlayground(folder: string = dist): Promise<void> {
  await build({ configFile, logLevel: 'error', build: { outDir: folder } })
}

/**
 * Serves the built page on this machine alone.
 * @throws {SurprisalError} `io` when the port is taken
 */
export async function servePlayground({ port, folder = dist }: ServeOptions): Promise<RunningPlayground> {
  const server = await preview({
    configFile,
    logLevel: 'error',
    build: { outDir: folder },
    preview: { host: '127.0.0.1', port, strictPort: true, open: false, headers },
  }).catch((cause: Error) => {
    throw new SurprisalError('io', `playground: ${cause.message}; choose another port with --port`, { cause })
  })
  const { port: taken } = server.httpServer.address() as { port: number }
  return { url: `http://localhost:${taken}/`, close: () => server.close() }
}
