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
    [{ limits: { counts: { dispatches: 1 } } }, 'defineBench: softmax-4m bounds a GPU and has device wasm'],
    [{ variants: { apart: { fusion: false } } }, 'defineBench: softmax-4m bounds a GPU and has device wasm'],
    [{ device: 'webgpu', peers: { torch: 'x' } }, 'defineBench: softmax-4m has a peer without webgpu'],
    [{ onSoftware: { y: { shape: [1] } } }, 'defineBench: softmax-4m has no input y to replace'],
    [
      { device: 'webgpu', limits: { dispatchesOf: { tfjs: 2 } } },
      'defineBench: softmax-4m bounds dispatches by tfjs, which takes no part',
    ],
  ] satisfies [Partial<BenchCase>, string][])('refuses %o', (fields, message) => {
    expect(define(fields)).toThrow(message)
  })

  it('takes bounds on what a GPU is asked for', () => {
    const limits = { counts: { dispatches: 4 }, dispatchesOf: { apart: 3, tfjs: 2 } }
    const peers = { tfjs: () => [] }
    expect(define({ device: 'webgpu', peers, variants: { apart: { fusion: false } }, limits })).not.toThrow()
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
