import { describe, expect, it } from 'vitest'
import type { BenchCase } from './bench-case.ts'
import { defineBench, participantsOf } from './define-bench.ts'

const benchCase: BenchCase = { case: 'softmax-4m', inputs: { x: { shape: [2] } }, ours: ({ x }) => x }
const define = (fields: Partial<BenchCase>) => () => defineBench({ ...benchCase, ...fields })

describe('defineBench', () => {
  it('returns the case', () => {
    expect(defineBench(benchCase)).toBe(benchCase)
  })

  it.each([
    [{ case: 'Softmax' }, 'defineBench: case must be in kebab case, got Softmax'],
    [{ case: 'a/b' }, 'defineBench: case must be in kebab case, got a/b'],
    [{ inputs: {} }, 'defineBench: softmax-4m must have inputs'],
    [{ variants: { tfjs: {} } }, 'defineBench: softmax-4m must not name a variant tfjs'],
    [{ variants: { ours: {} } }, 'defineBench: softmax-4m must not name a variant ours'],
    [{ targets: { tfjs: 2 } }, 'defineBench: softmax-4m has a target for tfjs, which takes no part'],
    [{ limits: { compute: 0.5 } }, 'defineBench: softmax-4m bounds compute without work.flops'],
    [{ limits: { stream: 0.5 }, work: { flops: 1 } }, 'defineBench: softmax-4m bounds stream without work.bytes'],
    [
      { limits: { temporaryBytesOf: { variant: 'plain', atMost: 1 } } },
      'defineBench: softmax-4m bounds bytes by plain, which is no variant',
    ],
    [{ threads: 0 }, 'defineBench: softmax-4m must have a whole number of threads from 1, got 0'],
    [
      { variants: { one: { threads: 1.5 } } },
      'defineBench: softmax-4m must have a whole number of threads from 1, got 1.5',
    ],
  ] satisfies [Partial<BenchCase>, string][])('refuses %o', (fields, message) => {
    expect(define(fields)).toThrow(message)
  })

  it('takes targets of peers and variants', () => {
    const fields = { peers: { torch: 'x' }, variants: { plain: {} }, targets: { torch: 1, plain: 2 } }
    expect(define(fields)).not.toThrow()
  })
})

describe('participantsOf', () => {
  it('has ours first, then peers in a fixed order, then variants', () => {
    const peers = { torch: 'x', tfjs: () => [] }
    expect(participantsOf({ ...benchCase, peers, variants: { plain: {} } })).toEqual(['ours', 'tfjs', 'torch', 'plain'])
  })
})
