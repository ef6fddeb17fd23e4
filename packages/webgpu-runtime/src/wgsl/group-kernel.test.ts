import type { Group, Instruction } from '@surprisal/tensor/backend'
import { describe, expect, it } from 'vitest'
import { lowerGroup } from './group-kernel.ts'
import { horner, literal } from './horner.ts'
import { functionsFor } from './library/library.ts'
import { Params } from './params.ts'
import { splitGroup } from './split-group.ts'

const access = { strides: [1], offset: 0 }
const load = (buffer: number): Instruction => ({ kind: 'load', dtype: 'float32', buffer, access })
const limits = { maxStorageBuffersPerShaderStage: 8 }
const group = (space: readonly number[], reads: number, writes: number): Group => ({
  kind: 'pointwise',
  space,
  reduced: [],
  buffers: Array.from({ length: reads + writes }, () => 'float32'),
  instructions: Array.from({ length: reads }, (_, i) => load(i)),
  scalars: 0,
  stores: Array.from({ length: writes }, (_, i) => ({ value: i % reads, buffer: reads + i, each: 'element' })),
})
const count = (text: string, part: string): number => text.split(part).length - 1

describe('the kernels of a group', () => {
  it('are none where there is nothing to compute', () => {
    expect(lowerGroup(group([0], 1, 1), [0, 0], limits)).toEqual([])
  })

  it('bind what they read and write, and their parameters', () => {
    const [kernel] = lowerGroup(group([100], 2, 1), [100, 100, 100], limits)
    expect(kernel.bindings).toEqual(['read', 'read', 'read_write', 'uniform'])
    expect(count(kernel.wgsl, '@binding(')).toBe(4)
    expect(kernel.params[0]).toBe(100)
    expect([kernel.workgroup, kernel.groups]).toEqual([64, 1])
    expect(lowerGroup(group([101], 2, 1), [101, 101, 101], limits)[0].groups).toBe(2)
  })

  it.each([4, 8, 12])('stay within %i bindings', most => {
    const sizes = Array.from({ length: 20 }, () => 10)
    const kernels = lowerGroup(group([10], 10, 10), sizes, { maxStorageBuffersPerShaderStage: most })
    const written = new Set<number>()
    for (const { storage, bindings, wgsl } of kernels) {
      expect(storage.length).toBeLessThanOrEqual(most)
      expect(bindings.length).toBe(storage.length + 1)
      expect(count(wgsl, '@binding(')).toBe(bindings.length)
      storage.forEach((binding, i) => {
        if (binding.kind === 'buffer' && bindings[i] === 'read_write') written.add(binding.buffer)
        if (binding.kind !== 'joined') return
        expect(binding.members.map(({ byteOffset }) => byteOffset % 16)).toEqual(binding.members.map(() => 0))
        expect(binding.bytes).toBe(48 * binding.members.length)
      })
    }
    expect([...written].sort((a, b) => a - b)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
  })

  it('compute only what their part of the stores needs', () => {
    const parts = splitGroup(group([10], 10, 10), 3)
    expect(parts.map(({ instructions, stores }) => [instructions.length, stores.length])).toEqual([
      [3, 3],
      [3, 3],
      [3, 3],
      [1, 1],
    ])
    expect(parts[3].instructions).toEqual([load(9)])
    expect(parts[3].stores).toEqual([{ value: 0, buffer: 19, each: 'element' }])
  })
})

describe('texts', () => {
  it('hold the functions that they call, each once, and no other', () => {
    const text = functionsFor('let y = tanhOf(x) + logOf(x);')
    for (const name of ['tanhOf', 'logOf', 'isNan', 'nanValue', 'infinity', 'floatParts', 'logRatio'])
      expect(count(text, `fn ${name}(`)).toBe(1)
    expect(count(text, 'fn ')).toBe(7)
    expect(functionsFor('max(a, b)')).toBe('')
  })

  it('hold polynomials and literals of floats', () => {
    expect(horner('z', [2, 0.5, -1e-9])).toBe('((2.0 * z + 0.5) * z + -1e-9)')
    expect(horner('z', [1e21])).toBe('1e+21')
    expect(literal(-3)).toBe('-3.0')
  })

  it('read parameters by their places', () => {
    const params = new Params()
    params.setUnits(9)
    expect(params.word(7)).toBe('p[1].x')
    expect(params.slot(3)).toEqual(['p[1].y', 'p[1].z'])
    expect(params.slot(3)).toEqual(['p[1].y', 'p[1].z'])
    expect(params.word(0xffffffff)).toBe('p[1].w')
    expect(params.word(1)).toBe('p[2].x')
    expect([...params.block()]).toEqual([9, 0, 0, 0, 7, 0, 0, 0xffffffff, 1, 0, 0, 0])
    expect([...params.slots]).toEqual([[3, 5]])
  })
})
