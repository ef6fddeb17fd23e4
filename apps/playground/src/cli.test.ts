import { execFile, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { usage } from './arguments.ts'

const cli = fileURLToPath(new URL('cli.ts', import.meta.url))
const command = (args: readonly string[]) => ['--conditions=@surprisal/source', cli, ...args]
const run = (...args: string[]) => promisify(execFile)(process.execPath, command(args))

describe('the command line', () => {
  it('explains itself', async () => {
    expect(await run('--help')).toEqual({ stdout: `${usage}\n`, stderr: '' })
  })

  it('ends with 1 and one line for wrong options', async () => {
    await expect(run('--port', 'x')).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'playground: --port must be a whole number from 0 to 65535, got x\n',
    })
  })

  it('ends with 1 and one line when the port is taken', async () => {
    const other = createServer()
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as { port: number }
    await expect(run('--port', String(port), '--no-open')).rejects.toMatchObject({
      code: 1,
      stderr: `playground: Port ${port} is already in use; choose another port with --port\n`,
    })
    other.close()
  })

  it.each([
    ['SIGINT', 0],
    ['SIGTERM', 143],
  ] as const)('serves until %s, and ends with %i', async (signal, code) => {
    const child = spawn(process.execPath, command(['--port', '0', '--no-open']))
    const line = await new Promise<string>(resolve => child.stdout.once('data', data => resolve(String(data))))
    const [url] = /http:\/\/localhost:\d+\//.exec(line) ?? []
    expect(await (await fetch(url!)).text()).toContain('Surprisal playground')
    const ended = new Promise(resolve => child.once('exit', resolve))
    child.kill(signal)
    expect(await ended).toBe(code)
  })
})
