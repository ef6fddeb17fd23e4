import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { requireFreePort } from './free-port.ts'

describe('requireFreePort', () => {
  it('accepts a free port, and leaves it free', async () => {
    await requireFreePort(0)
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    await expect(requireFreePort(port)).rejects.toThrow(
      `search: port ${port} of 127.0.0.1 is already in use; choose another with --port, or start with --no-web`,
    )
    await new Promise(resolve => server.close(resolve))
    await requireFreePort(port)
    await requireFreePort(port)
  })

  it('says why another address cannot be had', async () => {
    await expect(requireFreePort(0, '192.0.2.1')).rejects.toThrow(
      /^search: port 0 of 192\.0\.2\.1 cannot be opened \(.*\); choose another with --port/,
    )
  })
})
