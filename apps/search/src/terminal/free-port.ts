import { createServer } from 'node:net'
import { SurprisalError } from '@surprisal/tensor'

/**
 * Makes sure before minutes of work that the page can be served.
 * @param port 0 stands for any free one
 * @throws {SurprisalError} `io` when the port is taken or not allowed
 */
export async function requireFreePort(port: number, host = '127.0.0.1'): Promise<void> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === 'EADDRINUSE' ? 'is already in use' : `cannot be opened (${cause.message})`
      const advice = 'choose another with --port, or start with --no-web'
      reject(new SurprisalError('io', `search: port ${port} of ${host} ${reason}; ${advice}`, { cause }))
    })
    server.listen(port, host, resolve)
  })
  await new Promise(resolve => server.close(resolve))
}
