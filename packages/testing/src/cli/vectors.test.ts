import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

interface Result {
  code: number
  stdout: string
  stderr: string
}

const script = fileURLToPath(new URL('./vectors.ts', import.meta.url))
const x = { shape: [2], dtype: 'float32', data: [1, 4] }
const good = { name: 'good', call: 'sqrt', inputs: { x }, expect: { value: { ...x, data: [1, 2] } }, tolerance: 0 }
const bad = { ...good, name: 'bad', expect: { value: { ...x, data: [1, 3] } } }
const unknown = { ...good, name: 'unknown', call: 'fancyOp' }
let root = ''

function run(...args: string[]): Promise<Result> {
  const command = ['--conditions=@surprisal/source', '--no-warnings', script, ...args]
  return new Promise(resolve => {
    execFile(process.execPath, command, { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vectors-cli-'))
  const folders = { green: [good], red: [good, bad], open: [good, unknown] }
  for (const [name, cases] of Object.entries(folders)) {
    await mkdir(join(root, name, 'tensor'), { recursive: true })
    await writeFile(join(root, name, 'tensor/ops.json'), JSON.stringify({ system: 's', cases }))
  }
})

afterAll(() => rm(root, { recursive: true }))

describe('vectors', () => {
  it('exits with 0 and a table when nothing failed', async () => {
    const { code, stdout, stderr } = await run('green')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toBe(
      [
        `file             passed  failed  not built`,
        `${join('tensor', 'ops.json')}       1       0          0`,
        '',
        '1 passed, 0 failed, 0 not built',
        '',
      ].join('\n'),
    )
  })

  it('exits with 1 and names what differs when a case failed', async () => {
    const { code, stdout } = await run('red', '--backend', 'reference')
    expect(code).toBe(1)
    expect(stdout).toContain(`FAILED ${join('tensor', 'ops.json')}: bad\n  value[1]: expected 3, got 2 (1 of 2 differ)`)
    expect(stdout).toContain('1 passed, 1 failed, 0 not built')
  })

  it('runs on another device', async () => {
    const { code, stdout, stderr } = await run('green', '--backend', 'webgpu')
    if (stderr.includes('webgpu: no adapter')) return expect(code).toBe(2)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('1 passed, 0 failed, 0 not built')
  })

  it('gives a device the least limits, and knows no others', async () => {
    const { code, stdout, stderr } = await run('green', '--backend', 'webgpu', '--limits', 'minimum')
    if (!stderr.includes('webgpu: no adapter'))
      expect([code, stderr, stdout.split('\n').at(-2)]).toEqual([0, '', '1 passed, 0 failed, 0 not built'])
    expect(await run('green', '--limits', 'none')).toMatchObject({
      code: 2,
      stderr: 'vectors: --limits must be adapter or minimum, got none\n',
    })
  })

  it('counts a function that is not built as a failure only when strict', async () => {
    const [plain, strict] = await Promise.all([run('open'), run('open', '--strict')])
    expect([plain.code, strict.code]).toEqual([0, 1])
    expect(plain.stdout).toContain('(fancyOp)')
  })

  it('prints JSON', async () => {
    const { code, stdout } = await run(join('red', 'tensor', 'ops.json'), '--json')
    const report = JSON.parse(stdout)
    expect([code, report.passed, report.failed, report.notBuilt]).toEqual([1, 1, 1, 0])
    expect(report.files[0]).toMatchObject({
      file: 'ops.json',
      package: '@surprisal/tensor',
      failures: [{ case: 'bad' }],
    })
  })

  it('adds digests and what threads did', async () => {
    const reports = await Promise.all(
      [['--threads', '1'], ['--threads', '2'], ['--deterministic']].map(async options => {
        const { stdout } = await run('red', '--json', '--bits', ...options)
        return JSON.parse(stdout)
      }),
    )
    const [one, two, plain] = reports
    expect(one.files[0].bits).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)])
    expect([two.files[0].bits, plain.files[0].bits]).toEqual([one.files[0].bits, one.files[0].bits])
    expect([one.use, two.use.threads]).toEqual([{ threads: 1, helped: 0 }, 2])
  })

  it.each([
    [['green', '--threads', 'many'], 'setThreads: count must be an integer from 1 to 16, got number NaN'],
    [[], 'vectors: expected one directory or file, got 0'],
    [['green', 'red'], 'vectors: expected one directory or file, got 2'],
    [['missing'], 'vectors: missing does not exist'],
    [['green', '--fast'], "Unknown option '--fast'"],
    [['green', '--backend', 'abacus'], 'setExecutor: name must be one of wasm, reference, got abacus'],
  ])('exits with 2 and one reason for %j', async (args, message) => {
    const { code, stdout, stderr } = await run(...args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  it('explains itself', async () => {
    const { code, stdout } = await run('--help')
    expect(code).toBe(0)
    expect(stdout).toContain('Usage: vectors <directory or file> [options]')
  })
})
