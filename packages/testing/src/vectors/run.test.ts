import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { SurprisalError } from '@surprisal/tensor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findVectorFiles, packageOf, runVectorFile, runVectors } from './run.ts'

let root = ''
const file = (...cases: object[]) => JSON.stringify({ system: 's', cases })
const x = { shape: [2], dtype: 'float32', data: [1, 4] }
const good = { name: 'good', call: 'sqrt', inputs: { x }, expect: { value: { ...x, data: [1, 2] } }, tolerance: 0 }
const bad = { ...good, name: 'bad', expect: { value: { ...x, data: [1, 3] } } }
const unknown = { ...good, name: 'unknown', call: 'fancyOp' }

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(root, dirname(path)), { recursive: true })
  await writeFile(join(root, path), text)
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'vectors-'))
  await write('all/tensor/one.json', file(good, bad, unknown))
  await write('all/tensor/two.json', file(good))
  await write('all/nowhere-to-be-found/three.json', file(good))
  await write('all/tensor/node_modules/tensor/four.json', file(bad))
  await write('all/tensor/readme.md', 'no vectors')
  await write('own/package.json', '{"name":"@surprisal/tensor"}')
  await write('own/vectors/five.json', file(good))
  await write('node_modules/tensor/six.json', file(good))
  await write('broken/tensor/seven.json', '{"cases":')
})

afterAll(() => rm(root, { recursive: true }))

describe('findVectorFiles', () => {
  it('finds the files of a folder in order, without those of dependencies', async () => {
    expect(await findVectorFiles(join(root, 'all'))).toEqual(
      ['nowhere-to-be-found/three.json', 'tensor/one.json', 'tensor/two.json'].map(name => join(root, 'all', name)),
    )
    expect(await findVectorFiles(join(root, 'own'))).toEqual([join(root, 'own/vectors/five.json')])
  })

  it('takes a single file, and a folder that lies in node_modules', async () => {
    const one = join(root, 'all/tensor/one.json')
    expect(await findVectorFiles(one)).toEqual([one])
    expect(await findVectorFiles(join(root, 'node_modules/tensor'))).toHaveLength(1)
  })

  it('refuses a path that is not there', async () => {
    const path = join(root, 'missing')
    await expect(findVectorFiles(path)).rejects.toEqual(new SurprisalError('io', `vectors: ${path} does not exist`))
  })
})

describe('packageOf', () => {
  it('is named by the folder, or by the manifest beside a folder of vectors', async () => {
    expect(await packageOf(join(root, 'all/losses/x.json'))).toBe('@surprisal/losses')
    expect(await packageOf(join(root, 'own/vectors/five.json'))).toBe('@surprisal/tensor')
    expect(await packageOf(join(root, 'elsewhere/vectors/x.json'))).toBe('@surprisal/vectors')
  })
})

describe('runVectorFile', () => {
  it('counts what passed, failed and is not built', async () => {
    expect(await runVectorFile(join(root, 'all/tensor/one.json'), join(root, 'all'))).toEqual({
      file: join('tensor', 'one.json'),
      package: '@surprisal/tensor',
      passed: 1,
      failed: 1,
      notBuilt: 1,
      failures: [{ case: 'bad', problems: ['value[1]: expected 3, got 2 (1 of 2 differ)'] }],
      missing: ['fancyOp'],
    })
  })

  it('adds a digest for each case that passed', async () => {
    const all = join(root, 'all')
    const { files } = await runVectors(all, { bits: true })
    expect(files.map(report => report.bits?.length)).toEqual([0, 1, 1])
    expect(files[2].bits).toEqual(files[1].bits)
  })

  it('takes all functions of a package that is not there for not built', async () => {
    const report = await runVectorFile(join(root, 'all/nowhere-to-be-found/three.json'))
    expect([report.passed, report.failed, report.notBuilt, report.missing]).toEqual([0, 0, 1, ['sqrt']])
  })

  it('refuses a file that is no JSON', async () => {
    const path = join(root, 'broken/tensor/seven.json')
    await expect(runVectorFile(path)).rejects.toThrow(`vectors: ${path} must hold JSON`)
  })
})

describe('runVectors', () => {
  it('adds up the files of a folder', async () => {
    const { files, ...totals } = await runVectors(join(root, 'all'))
    expect(totals).toEqual({ passed: 2, failed: 1, notBuilt: 2 })
    expect(files.map(report => report.passed)).toEqual([0, 1, 1])
  })

  it('names a single file by its own name', async () => {
    const { files } = await runVectors(join(root, 'all/tensor/two.json'))
    expect(files[0].file).toBe('two.json')
  })
})
