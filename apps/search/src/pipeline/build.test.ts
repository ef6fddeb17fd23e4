import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeFileAtomic } from '@surprisal/retrieval/node'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Corpus } from '../data/corpus.ts'
import { topicCorpus } from '../training/corpus-for-tests.ts'
import { Build, StoppedError } from './build.ts'
import { buildFolder } from './cache-folder.ts'
import type { SearchOptions } from './options.ts'
import type { Progress } from './progress.ts'

vi.mock('@surprisal/retrieval/node', { spy: true })
const real = (await vi.importActual<typeof import('@surprisal/retrieval/node')>('@surprisal/retrieval/node'))
  .writeFileAtomic

const phases = [
  'Train tokenizer',
  'Tokenize',
  'Train encoder',
  'Distil student',
  'Index words',
  'Index by meaning',
  'Index by the student',
  'Quantize',
  'Evaluate',
]
const files = [
  'tokenizer.json',
  'encoder.safetensors',
  'curve.json',
  'student.safetensors',
  'bm25.srpx',
  'dense.srpx',
  'student.srpx',
  'int8.srpx',
  'binary.srpx',
  'evaluation.json',
]

let folder: string
/** A cache with a whole build, for tests to copy. */
let whole: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surprisal-build-'))
  whole = join(folder, 'whole')
  await run({ cache: whole })
}, 60_000)
afterEach(() => void vi.mocked(writeFileAtomic).mockReset())
afterAll(() => rm(folder, { recursive: true, force: true }))

const optionsFor = (options: Partial<SearchOptions>): SearchOptions => ({
  dir: null,
  exclude: [],
  preset: 'tiny',
  seed: 0,
  cache: whole,
  rebuild: false,
  ...options,
})

/** Runs a build; `stopIn` is the phase in which the person loses patience. */
async function run(options: Partial<SearchOptions>, { corpus = topicCorpus, stopIn = '' } = {}) {
  const begun: string[] = []
  const finished: string[] = []
  const abandoned: string[] = []
  const said: string[] = []
  const controller = new AbortController()
  const progress: Progress = {
    say: line => void said.push(line),
    phase(title) {
      begun.push(title)
      if (title === stopIn) controller.abort()
      return {
        update: () => undefined,
        finish: () => void finished.push(title),
        abandon: () => void (finished.includes(title) || abandoned.push(title)),
      }
    },
  }
  const outcome = await Build.open(corpus, optionsFor(options), progress, controller.signal)
    .then(build => build.run())
    .catch((error: Error) => error)
  return { outcome, begun, finished, abandoned, said }
}

async function copyOfWhole(name: string): Promise<{ cache: string; home: string }> {
  const cache = join(folder, name)
  await cp(whole, cache, { recursive: true })
  return { cache, home: buildFolder(topicCorpus, optionsFor({ cache })) }
}

async function contentsOf(at: string): Promise<Record<string, string>> {
  const names = (await readdir(at)).sort()
  return Object.fromEntries(
    await Promise.all(names.map(async name => [name, await readFile(join(at, name), 'base64')])),
  )
}

describe('a build', () => {
  it('runs all phases and keeps what they make', async () => {
    const { outcome, begun, finished } = await run({ cache: join(folder, 'first') })
    expect(outcome).not.toBeInstanceOf(Error)
    expect(begun).toEqual(phases)
    expect(finished).toEqual(phases)
    const home = buildFolder(topicCorpus, optionsFor({ cache: join(folder, 'first') }))
    expect((await readdir(home)).sort()).toEqual([...files, 'manifest.json'].sort())
    expect(await readdir(join(folder, 'first'))).toHaveLength(1)
  })

  it('runs no phase the second time, and answers as it did the first time', async () => {
    const first = await run({ cache: join(folder, 'twice') })
    const second = await run({ cache: join(folder, 'twice') })
    expect(second.begun).toEqual([])
    if (first.outcome instanceof Error || second.outcome instanceof Error) throw first.outcome
    expect(second.outcome.evaluation).toEqual(first.outcome.evaluation)
    expect(second.outcome.curve).toEqual(first.outcome.curve)
    for (const system of second.outcome.systems) {
      const [a, b] = [first.outcome, second.outcome].map(engine => engine.rank('a cat with fur', { system, k: 5 }))
      expect(b.map(({ id }) => id)).toEqual(a.map(({ id }) => id))
      for (const [i, { score }] of b.entries()) expect(score).toBeCloseTo(a[i].score, 5)
    }
  })

  it('makes the same files from the same seed', async () => {
    const [a, b] = [join(folder, 'whole'), join(folder, 'first')].map(cache =>
      buildFolder(topicCorpus, optionsFor({ cache })),
    )
    const [first, second] = [await contentsOf(a), await contentsOf(b)]
    for (const name of files.filter(name => name !== 'evaluation.json'))
      expect(second[name] === first[name], name).toBe(true)
  })

  it('is made of a single passage, without evaluation', async () => {
    const corpus: Corpus = {
      name: 'one',
      kind: 'folder',
      sampleQueries: [],
      documents: [{ id: 'a.md#1', title: 'a.md', text: 'only this', examples: [], related: [] }],
    }
    const { outcome, said } = await run({ cache: join(folder, 'one') }, { corpus })
    if (outcome instanceof Error) throw outcome
    expect(outcome.evaluation).toEqual([])
    expect(said).toEqual(['Too few documents to hold some out: there is no evaluation'])
    for (const system of outcome.systems)
      expect(outcome.search('this', { system, k: 3 }).hits.map(({ id }) => id)).toEqual(['a.md#1'])
  })
})

describe('a build that is stopped', () => {
  it.each(phases)('in "%s" keeps the phases before, and goes on there', async phase => {
    const cache = join(folder, `stopped-${phase}`)
    const { outcome, begun, finished, abandoned } = await run({ cache }, { stopIn: phase })
    const home = buildFolder(topicCorpus, optionsFor({ cache }))
    expect(outcome).toBeInstanceOf(StoppedError)
    expect((outcome as Error).message).toBe(`Stopped; the finished phases are kept in ${home}; start again to go on`)
    expect(begun.at(-1)).toBe(phase)
    expect(finished).toEqual(phases.slice(0, phases.indexOf(phase)))
    expect(abandoned).toEqual([phase])
    expect((await readdir(cache)).filter(name => name.endsWith('.lock'))).toEqual([])
    const second = await run({ cache })
    expect(second.outcome).not.toBeInstanceOf(Error)
    // Tokens are not kept: they are made again where a phase needs them.
    const rest = phases.slice(Math.max(1, phases.indexOf(phase)))
    expect(second.begun.filter(title => title !== 'Tokenize')).toEqual(
      (phase === 'Train tokenizer' ? phases : rest).filter(title => title !== 'Tokenize'),
    )
  })
})

describe('a damaged build', () => {
  it.each([...files, 'manifest.json'])('says so of %s, changes nothing, and can be built anew', async name => {
    const { cache, home } = await copyOfWhole(`damaged-${name}`)
    const path = join(home, name)
    const { size } = await stat(path)
    const good = await readFile(path)
    const flipped = Uint8Array.from(good)
    flipped[size >> 1] ^= 4
    await writeFile(path, flipped)
    const before = await contentsOf(home)
    const { outcome } = await run({ cache })
    expect((outcome as Error).message).toMatch(/^search: .*start again with --rebuild$/)
    if (name !== 'manifest.json') expect((outcome as Error).message).toContain(`${path} is damaged`)
    else expect((outcome as Error).message).toContain(path)
    await writeFile(path, good)
    await truncate(path, size - 1)
    expect(((await run({ cache })).outcome as Error).message).toContain(`search: ${path} `)
    await rm(path)
    if (name !== 'manifest.json')
      expect(((await run({ cache })).outcome as Error).message).toContain(`search: ${path} cannot be read (ENOENT`)
    await writeFile(path, flipped)
    expect(await contentsOf(home)).toEqual(before)
  })

  it('is replaced with --rebuild', async () => {
    const { cache, home } = await copyOfWhole('rebuilt')
    await writeFile(join(home, 'dense.srpx'), 'nonsense')
    const { outcome, begun } = await run({ cache, rebuild: true })
    expect(outcome).not.toBeInstanceOf(Error)
    expect(begun).toEqual(phases)
    expect(await readdir(cache)).toHaveLength(1)
    expect((await run({ cache })).begun).toEqual([])
  })

  it('whose file is whole but of another kind is named, too', async () => {
    const { cache, home } = await copyOfWhole('other-kind')
    const { ArtifactStore } = await import('./artifact-store.ts')
    const store = await ArtifactStore.open(home)
    for (const name of ['tokenizer.json', 'encoder.safetensors', 'bm25.srpx', 'int8.srpx']) {
      const good = (await store.read(name))!
      await store.write(name, new TextEncoder().encode('{}'))
      const { outcome } = await run({ cache })
      expect((outcome as Error).message).toMatch(
        new RegExp(`^search: .*/${name.replace('.', '\\.')} cannot be used \\(.*\\); start again with --rebuild$`, 's'),
      )
      await store.write(name, good)
    }
  })
})

describe('a rebuild', () => {
  it('that is stopped leaves the earlier build as it was, and goes on with --rebuild', async () => {
    const { cache, home } = await copyOfWhole('rebuild-stopped')
    const before = await contentsOf(home)
    const { outcome } = await run({ cache, rebuild: true }, { stopIn: 'Index words' })
    expect((outcome as Error).message).toBe(
      `Stopped; the finished phases are kept in ${home}.rebuild; start again with --rebuild to go on`,
    )
    expect(await contentsOf(home)).toEqual(before)
    expect((await run({ cache })).begun).toEqual([])
    const { begun } = await run({ cache, rebuild: true })
    expect(begun).toEqual(phases.filter(title => !/^(Train|Distil)/.test(title)).sort((a, b) => order(a) - order(b)))
  })

  it('that fails leaves the earlier build as it was, and nothing else', async () => {
    const { cache, home } = await copyOfWhole('rebuild-failed')
    const before = await contentsOf(home)
    fillDisk(/dense\.srpx$/)
    const { outcome } = await run({ cache, rebuild: true })
    expect((outcome as Error).message).toContain('dense.srpx cannot be written: the disk is full')
    expect(await contentsOf(home)).toEqual(before)
    expect(await readdir(cache)).toHaveLength(1)
  })
})

describe('a full disk', () => {
  it.each(files)('while %s is written loses nothing of what was built before', async name => {
    const cache = join(folder, `full-${name}`)
    fillDisk(new RegExp(`/${name.replace('.', '\\.')}$`))
    const { outcome } = await run({ cache })
    const home = buildFolder(topicCorpus, optionsFor({ cache }))
    expect((outcome as Error).message).toBe(
      `search: ${join(home, name)} cannot be written: the disk is full; free some space, or choose another folder with --cache`,
    )
    vi.mocked(writeFileAtomic).mockReset()
    const kept = files.slice(0, files.indexOf(name))
    const before = await Promise.all(kept.map(async file => (await stat(join(home, file))).mtimeMs))
    const second = await run({ cache })
    expect(second.outcome).not.toBeInstanceOf(Error)
    const after = await Promise.all(kept.map(async file => (await stat(join(home, file))).mtimeMs))
    const redone = kept.filter((_, i) => after[i] !== before[i])
    // Two files belong to one phase, which is done as a whole.
    const together: Record<string, string[]> = { 'curve.json': ['encoder.safetensors'], 'binary.srpx': ['int8.srpx'] }
    expect(redone).toEqual(together[name] ?? [])
  })
})

describe('two builds of the same', () => {
  it('at once: one is refused, the other is whole', async () => {
    const cache = join(folder, 'race')
    await mkdir(cache)
    const results = await Promise.all([run({ cache }), run({ cache })])
    const errors = results.map(({ outcome }) => outcome).filter(outcome => outcome instanceof Error)
    expect(errors).toHaveLength(1)
    expect(errors[0].message).toContain(`is being built by process ${process.pid}; wait until it is done`)
    expect((await run({ cache })).begun).toEqual([])
  })
})

const order = (title: string): number => ['Index words', 'Tokenize', ...phases.slice(5)].indexOf(title)

function fillDisk(matching: RegExp): void {
  vi.mocked(writeFileAtomic).mockImplementation(async (path, data) => {
    if (!matching.test(path)) return real(path, data)
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  })
}
