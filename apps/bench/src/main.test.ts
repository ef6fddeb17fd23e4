import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { describeError, main } from './main.ts'

const root = fileURLToPath(new URL('./__fixtures__', import.meta.url))
let out: string[]
let err: string[]

beforeEach(() => {
  out = []
  err = []
  vi.spyOn(console, 'log').mockImplementation(text => void out.push(String(text)))
  vi.spyOn(console, 'error').mockImplementation(text => void err.push(String(text)))
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('main', () => {
  it('lists cases', async () => {
    expect(await main(['--list', 'sample/fails', 'agrees'], root)).toBe(0)
    expect(out).toEqual(['sample/agrees\nsample/fails'])
  })

  it('explains itself', async () => {
    expect(await main(['--help'], root)).toBe(0)
    for (const option of ['--json', '--list', '--name', '--quick', '--strict', '--threads'])
      expect(out.join('\n')).toContain(option)
  })

  it('prints JSON of exactly the agreed form, and the table on standard error', async () => {
    expect(await main(['agrees', 'differs', 'future', '--quick', '--json'], root)).toBe(0)
    expect(out.length).toBe(1)
    const { machine, cases, ...rest } = JSON.parse(out[0])
    expect(rest).toEqual({})
    expect(machine).toMatchObject({ node: process.version, cores: expect.any(Number), copyGBs: expect.any(Number) })
    expect(cases.map((one: object) => Object.keys(one))).toEqual(
      Array.from({ length: 3 }, () => ['case', 'ms', 'ratios', 'targets', 'peakBytes']),
    )
    const [agrees, differs, future] = cases
    expect(agrees).toEqual({
      case: 'sample/agrees',
      ms: { ours: expect.any(Number), other: expect.any(Number) },
      ratios: { other: agrees.ms.other / agrees.ms.ours },
      targets: { other: 1e-9 },
      peakBytes: expect.any(Number),
    })
    expect(Object.keys(differs.ms)).toEqual(['ours'])
    expect(future.ms).toEqual({})
    const table = err.join('\n')
    expect(table).toContain('other: other results than ours: element 0 of result 0 is')
    expect(table).toContain('skipped: @surprisal/tensor has no flyToTheMoon yet')
    expect(table).toContain('1 of 1 bounds that were measured are reached')
  })

  it('is content with failures unless it is strict', async () => {
    expect(await main(['sample/fails', '--quick'], root)).toBe(0)
    expect(out.join('\n')).toContain('failed sample/fails: reshape: cannot reshape 8 elements to [3]')
    expect(await main(['sample/fails', '--quick', '--strict'], root)).toBe(1)
    expect(await main(['sample/agrees', '--quick', '--strict'], root)).toBe(0)
  })

  it('refuses cases and options that do not exist', async () => {
    await expect(main(['nothing'], root)).rejects.toThrow('bench: no case is named nothing; --list shows them')
    await expect(main(['--slow'], root)).rejects.toThrow('bench: unknown argument --slow; --help lists the options')
  })
})

describe('describeError', () => {
  it('shows the place of mistakes of the program only', async () => {
    const error = await main(['nothing'], root).catch((reason: Error) => reason)
    expect(describeError(error as Error)).toBe('bench: no case is named nothing; --list shows them')
    expect(describeError(new TypeError('oops'))).toMatch(/^TypeError: oops\n +at /)
  })
})
