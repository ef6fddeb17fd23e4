import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EvaluationRow } from './server/types.ts'

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url))
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it looks for
const escapes = /\u001b/

interface Result {
  code: number | null
  stdout: string
  stderr: string
  seconds: number
}

/** A disk of its own, to be filled, takes a user who may mount one. */
const canMount = process.platform === 'linux' && mayMount()

function mayMount(): boolean {
  const at = mkdtempSync(join(tmpdir(), 'surprisal-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', at], { stdio: 'ignore' })
    execFileSync('umount', [at])
    return true
  } catch {
    return false
  } finally {
    rmSync(at, { recursive: true, force: true })
  }
}

let folder: string
let cache: string
let first: Result

const children = new Set<ChildProcessWithoutNullStreams>()

function start(args: readonly string[], env: Record<string, string> = {}): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, ['--conditions=@surprisal/source', cli, ...args], {
    // What the test runner sets must not decide about colours.
    env: { ...process.env, NO_COLOR: '', FORCE_COLOR: '', CI: '', TEST: '', ...env },
  })
  children.add(child)
  child.stdin.end()
  return child
}

async function ended(child: ChildProcessWithoutNullStreams): Promise<Result> {
  const started = performance.now()
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', chunk => (stdout += chunk))
  child.stderr.on('data', chunk => (stderr += chunk))
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  children.delete(child)
  return { code, stdout, stderr, seconds: (performance.now() - started) / 1000 }
}

const run = (args: readonly string[], env?: Record<string, string>): Promise<Result> => ended(start(args, env))
const runTiny = (...args: string[]): Promise<Result> => run(['--preset', 'tiny', '--cache', cache, ...args])
const evalTiny = (...args: string[]): Promise<Result> => run(['eval', '--preset', 'tiny', '--cache', cache, ...args])

/** What a failure looks like: nothing on standard output, one line that says what to do, exit code 1. */
function expectFailure({ code, stdout, stderr }: Result, message: string | RegExp): void {
  const lines = stderr.trimEnd().split('\n')
  expect(lines.at(-1)).toMatch(message)
  expect(lines.filter(line => /\s+at .*:\d+:\d+/.test(line))).toEqual([])
  expect(stdout).toBe('')
  expect(code).toBe(1)
}

async function write(name: string, contents: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, contents)
  return path
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surprisal-cli-'))
  cache = join(folder, 'cache')
  first = await runTiny('--no-web')
}, 100_000)

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

describe('the first start', () => {
  it('trains, evaluates and ends within a minute, without a terminal', () => {
    expect(first.code).toBe(0)
    expect(first.seconds).toBeLessThan(60)
    expect(first.stderr.split('\n').filter(line => / \.\.\.$/.test(line))).toEqual([
      'Train tokenizer ...',
      'Tokenize ...',
      'Train encoder ...',
      'Distil student ...',
      'Index words ...',
      'Index by meaning ...',
      'Index by the student ...',
      'Quantize ...',
      'Evaluate ...',
    ])
    expect(first.stderr).toMatch(/^WordNet 3\.1: 6,000 documents\n/)
    expect(first.stderr).toMatch(/\nReady after [\d.]+ s; kept in .*\/wordnet-tiny-0-[0-9a-f]{12}\n$/)
  })

  it('prints the training loss and a table for each set of queries, in plain text', () => {
    expect(first.stdout).toContain('training loss\n')
    expect(first.stdout).toContain('held-out example sentences, to find their synset\n')
    expect(first.stdout).toContain('held-out definitions, to find the synsets of near meaning\n')
    for (const system of ['bm25', 'dense', 'student', 'int8', 'binary', 'hybrid'])
      expect(first.stdout.match(new RegExp(`│ ${system} `, 'g'))).toHaveLength(2)
    expect(first.stdout + first.stderr).not.toMatch(escapes)
  })
})

describe('a later start', () => {
  it('loads what was built and prints the same', async () => {
    const { code, stdout, stderr, seconds } = await runTiny('--no-web')
    expect(code).toBe(0)
    expect(stdout).toBe(first.stdout)
    expect(stderr).toMatch(/^WordNet 3\.1: 6,000 documents\nReady after [\d.]+ s; kept in .*\n$/)
    // Three seconds on a machine that has nothing else to do.
    expect(seconds).toBeLessThan(10)
  })

  it('prints JSON and nothing else with --json', async () => {
    const { code, stdout, stderr } = await runTiny('--json')
    expect(code).toBe(0)
    expect(stderr).toBe('')
    const { evaluation, curve } = JSON.parse(stdout)
    expect(evaluation.map(({ rows }: { rows: EvaluationRow[] }) => rows.length)).toEqual([6, 6])
    expect(curve.loss).toHaveLength(curve.steps.length)
    expect(curve.loss.at(-1)).toBeLessThan(curve.loss[0])
  })

  it.each([
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    [{ CI: 'true' }, false],
  ])('has colours where %j asks for them: %s', async (env, colored) => {
    const { stdout } = await run(['--preset', 'tiny', '--cache', cache, '--no-web'], env)
    expect(escapes.test(stdout)).toBe(colored)
  })

  it('ends silently when nobody reads on', async () => {
    const child = start(['--preset', 'tiny', '--cache', cache, '--json'])
    child.stdout.destroy()
    const { code, stderr } = await ended(child)
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })
})

describe('eval', () => {
  it('prints the measures of every system as JSON', async () => {
    const ids = await someIds()
    const queries = ids.map(({ id, text }) => ({ query: text, relevant: [id] }))
    const file = await write('queries.json', JSON.stringify(queries))
    const { code, stdout, stderr } = await evalTiny('--queries', file, '--json')
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const result = JSON.parse(stdout) as { systems: EvaluationRow[] }
    expect(Object.keys(result)).toEqual(['systems'])
    expect(result.systems.map(({ system }) => system)).toEqual(['bm25', 'dense', 'student', 'int8', 'binary', 'hybrid'])
    for (const row of result.systems) {
      expect(Object.keys(row)).toEqual(['system', 'metrics', 'bytesPerDocument', 'queriesPerSecond'])
      expect(Object.keys(row.metrics)).toEqual(['recall@1', 'recall@10', 'recall@100', 'mrr@10', 'ndcg@10'])
      expect(Object.values(row.metrics).every(value => value >= 0 && value <= 1)).toBe(true)
      expect(row.bytesPerDocument).toBeGreaterThan(0)
      expect(row.queriesPerSecond).toBeGreaterThan(0)
    }
    // Whole glosses are their own best answers.
    expect(result.systems[0].metrics['mrr@10']).toBeGreaterThan(0.9)
    expect(result.systems[1].metrics['recall@100']).toBeGreaterThan(0.9)
  })

  it('prints a table without --json, and warns of ids that are not indexed', async () => {
    const [{ id, text }] = await someIds()
    const file = await write(
      'partly.json',
      JSON.stringify([
        { query: text, relevant: [id, 'n99999999'] },
        { query: 'never', relevant: ['v99999999'] },
      ]),
    )
    const { code, stdout, stderr } = await evalTiny('--queries', file)
    expect(code).toBe(0)
    expect(stdout).toMatch(/│ hybrid +│/)
    expect(stderr).toContain(
      `Warning: 2 ids of ${file} are not indexed and were left out, such as n99999999; 1 of 2 queries remain\n`,
    )
  })

  it('fails where nothing can be evaluated', async () => {
    expectFailure(await evalTiny('--json'), /--queries/)
    expectFailure(await evalTiny('--queries', join(folder, 'gone.json')), /gone\.json cannot be read \(ENOENT/)
    const broken = await write('broken.json', '[\n{"query": "a",\n')
    expectFailure(await evalTiny('--queries', broken), `search: ${broken} must hold JSON (`)
    const unknown = await write('unknown.json', '[{"query": "a", "relevant": ["x1"]}]')
    expectFailure(await evalTiny('--queries', unknown), `search: ${unknown} names no document that is indexed`)
  })

  async function someIds(): Promise<{ id: string; text: string }[]> {
    const { loadCorpus } = await import('./pipeline/load-corpus.ts')
    const options = { dir: null, exclude: [], preset: 'tiny', seed: 0, cache, rebuild: false } as const
    return (await loadCorpus(options)).documents.filter(({ text }) => text.length > 60).slice(0, 20)
  }
})

describe('the command line', () => {
  it.each([[['--help']], [['--preset', 'tiny', '-h']]])('explains itself with %j', async args => {
    const { code, stdout, stderr } = await run(args)
    expect(code).toBe(0)
    expect(stderr).toBe('')
    for (const option of ['dir', 'exclude', 'preset', 'seed', 'cache', 'rebuild', 'json', 'web', 'serve', 'port'])
      expect(stdout).toMatch(new RegExp(`--(no-)?${option}\\b`))
    expect(stdout).not.toMatch(escapes)
  })

  it('explains eval, too', async () => {
    const { code, stdout } = await run(['eval', '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('--queries')
  })

  it.each([
    [['--presets', 'tiny'], 'search: unknown argument --presets; --help lists the options'],
    [['--dir'], 'search: --dir needs a value: --dir <folder>'],
    [['--preset', 'huge'], 'search: --preset must be tiny, small, large, got huge'],
    [['--port', '-1'], 'search: --port must be a whole number from 0 to 65535, got -1'],
    [['--serve', '--no-web'], 'search: --serve and --no-web exclude each other'],
    [['--dir', '/nowhere/at/all'], 'search: folder /nowhere/at/all does not exist; check --dir'],
    [['eval', '--queries'], 'search: --queries needs a value: --queries <file>'],
  ])('refuses %j', async (args, message) => {
    expectFailure(await run(args), message)
  })
})

describe('a folder of own texts', () => {
  let notes: string
  const animals = ['cats', 'dogs', 'horses', 'whales', 'eagles', 'snakes', 'frogs', 'bees', 'sharks', 'mice']
  const facts = [
    'eat when they are hungry',
    'sleep in the dark',
    'run from danger',
    'care for their young',
    'drink cold water',
    'play in spring',
    'fight over food',
    'live in groups',
    'fear thunder',
    'grow old',
  ]

  beforeAll(async () => {
    notes = join(folder, 'notes')
    for (const animal of animals) {
      const sections = facts.map(fact => `## About ${fact}\n\nIt is known that ${animal} ${fact}, like all ${animal}.`)
      await write(`notes/${animal}.md`, `# ${animal}\n\n${sections.join('\n\n')}\n`)
    }
  })

  it('is built, evaluated, and searched with places', async () => {
    const args = ['--dir', notes, '--preset', 'tiny', '--cache', cache]
    const { code, stdout, stderr } = await run(args)
    expect(stderr).toMatch(/^notes: 100 documents\n/)
    expect(code).toBe(0)
    expect(stdout).toContain('held-out passages, to find the passages beside them')
    const server = start([...args, '--serve', '--port', '0', '--json'])
    const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(await textOf(server.stderr, /http:\S+/))![0]
    const response = await fetch(`${url}api/search?q=whales%20sleep&systems=hybrid,bm25&k=3`)
    const { results } = (await response.json()) as { results: { hits: { title: string; location: string }[] }[] }
    expect(results[1].hits[0]).toMatchObject({
      title: 'whales.md › whales › About sleep in the dark',
      location: 'whales.md:9',
    })
    server.kill('SIGTERM')
    expect((await ended(server)).code).toBe(0)
  })

  it.each([
    ['empty.md', '', 'is empty; write something into it, or leave it out with --exclude'],
    ['binary.txt', Uint8Array.of(1, 0, 2), 'is binary and not text; rename it, or leave it out with --exclude'],
    ['latin1.md', Uint8Array.of(0x63, 0xe9), 'is not valid UTF-8; save it as UTF-8, or leave it out with --exclude'],
    ['large.txt', 'x', 'has 100 MB, more than the 32 MB of a text; split it, or leave it out with --exclude'],
  ])('fails with %s, and builds without it', async (name, contents, problem) => {
    const path = await write(`bad-${name}/${name}`, contents)
    if (name === 'large.txt') await truncate(path, 100 * 2 ** 20)
    expectFailure(await run(['--dir', join(path, '..'), '--cache', cache]), `search: ${path} ${problem}`)
    expectFailure(
      await run(['--dir', join(path, '..'), '--exclude', name, '--cache', cache]),
      'has no text; --dir must hold .txt, .md, .markdown, .text or .rst files',
    )
  })
})

describe('the server', () => {
  it('serves the page and answers, until it is told to stop', async () => {
    const server = start(['--preset', 'tiny', '--cache', cache, '--serve', '--port', '0'])
    const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(await textOf(server.stdout, /http:\S+/))![0]
    const page = await fetch(url)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await page.text()).toContain('<div id="app"')
    const answer = await fetch(`${url}api/search?q=a%20young%20dog&systems=bm25,dense,hybrid&k=5`)
    const { results } = (await answer.json()) as { results: { system: string; hits: { id: string }[] }[] }
    expect(results.map(({ system }) => system)).toEqual(['bm25', 'dense', 'hybrid'])
    expect(results.every(({ hits }) => hits.length === 5)).toBe(true)
    server.kill('SIGTERM')
    expect((await ended(server)).code).toBe(0)
    await expect(fetch(url)).rejects.toThrow()
  })

  it('says at once that its port is taken', async () => {
    const other = createServer()
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as { port: number }
    const unbuilt = join(folder, 'unbuilt')
    const args = ['--preset', 'tiny', '--cache', unbuilt, '--serve', '--port', String(port)]
    expectFailure(await run(args), `search: port ${port} of 127.0.0.1 is already in use; choose another with --port`)
    other.close()
    await expect(readdir(unbuilt)).rejects.toThrow('ENOENT')
  })
})

describe('what is kept', () => {
  it('survives Ctrl-C: finished phases are there at the next start', async () => {
    const own = join(folder, 'interrupted')
    const child = start(['--preset', 'tiny', '--cache', own])
    const result = ended(child)
    await textOf(child.stderr, /Train encoder \.\.\./)
    child.kill('SIGINT')
    const { code, stdout, stderr } = await result
    expect(code).toBe(130)
    expect(stdout).toBe('')
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
      /^Stopped; the finished phases are kept in .*\/wordnet-tiny-0-[0-9a-f]{12}; start again to go on$/,
    )
    const [home] = await readdir(own)
    expect(await readdir(join(own, home))).toEqual(['manifest.json', 'tokenizer.json'])
    const again = start(['--preset', 'tiny', '--cache', own])
    const second = ended(again)
    const text = await textOf(again.stderr, /Train encoder \.\.\./)
    again.kill('SIGINT')
    expect((await second).code).toBe(130)
    expect(text).not.toContain('Train tokenizer')
  })

  it('is refused when it is damaged or of another version, with exit code 1', async () => {
    const own = join(folder, 'damaged')
    await cp(cache, own, { recursive: true })
    const [name] = (await readdir(own)).filter(entry => entry.startsWith('wordnet'))
    const home = join(own, name)
    await truncate(join(home, 'int8.srpx'), 1000)
    expectFailure(
      await run(['--preset', 'tiny', '--cache', own]),
      /^search: .*int8\.srpx must have \d+ bytes, got 1000; start again with --rebuild$/,
    )
    await writeFile(join(home, 'manifest.json'), '{"version": 0, "files": {}}')
    expectFailure(
      await run(['--preset', 'tiny', '--cache', own]),
      /^search: .*manifest\.json was written by format 0 and this program reads \d+; start again with --rebuild$/,
    )
  })

  it('cannot be kept where nothing can be written', async () => {
    const file = await write('a-file', 'x')
    expectFailure(
      await run(['--preset', 'tiny', '--cache', join(file, 'inside')]),
      /^search: .*a-file\/inside.* cannot be written: .*, or choose another folder with --cache$/,
    )
  })

  it.runIf(canMount)('cannot be kept on a full disk, and goes on when there is space', async () => {
    const disk = join(folder, 'disk')
    await mkdir(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1500k', 'tmpfs', disk])
    try {
      const args = ['--preset', 'tiny', '--cache', disk, '--no-web']
      expectFailure(
        await run(args),
        /^search: .*bm25\.srpx cannot be written: the disk is full; free some space, or choose another folder with --cache$/,
      )
      execFileSync('mount', ['-o', 'remount,size=20m', disk])
      const { code, stderr } = await run(args)
      expect(code).toBe(0)
      expect(stderr).not.toContain('Train')
    } finally {
      execFileSync('umount', [disk])
    }
  })
})

/** What a stream has said when it has said something that matches. */
function textOf(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    stream.on('data', chunk => {
      text += chunk
      if (pattern.test(text)) resolve(text)
    })
    stream.once('end', () => reject(new Error(`the program ended with: ${text}`)))
  })
}
