import { describe, expect, it } from 'vitest'
import { Arena } from './arena.ts'
import { KernelCache } from './kernel-cache.ts'
import type { Phase } from './lowered.ts'

/** A kernel that stores a number where its block says. */
const storing = (value: number): Phase => ({
  key: `store ${value}`,
  write: code => {
    code.get(0).i32(value).memory('i32.store')
  },
  words: new Int32Array(0),
  units: 1,
  unitCost: 1,
  scratchBytes: 0,
})

describe('KernelCache', () => {
  const arena = new Arena()
  const { address } = arena.allocate(64, 'test')
  const stored = (kernel: { call(args: number, begin: number, end: number, scratch: number): void }): number => {
    kernel.call(address, 0, 1, 0)
    return arena.words[address / 4]
  }

  it('compiles what it lacks as one module, and nothing twice', () => {
    const cache = new KernelCache(arena, false)
    const added: Uint8Array[] = []
    const [one, two, again] = cache.compile([storing(1), storing(2), storing(1)], bytes => added.push(bytes))
    expect([stored(one), stored(two)]).toEqual([1, 2])
    expect(again).toBe(one)
    expect(cache.compile([storing(2)], bytes => added.push(bytes))[0]).toBe(two)
    expect(cache.compiled).toBe(2)
    expect(added).toEqual(cache.modules)
    expect(added).toHaveLength(1)
  })

  it('keeps the 2048 kernels that were used last', () => {
    const cache = new KernelCache(arena, false)
    const nothing = () => {}
    const [first] = cache.compile([storing(0)], nothing)
    cache.compile(
      Array.from({ length: 2047 }, (_, i) => storing(1 + i)),
      nothing,
    )
    expect(cache.compile([storing(0)], nothing)[0]).toBe(first)
    cache.compile([storing(5000)], nothing)
    expect(cache.compiled).toBe(2049)
    expect(cache.compile([storing(0)], nothing)[0]).toBe(first)
    expect(cache.compiled).toBe(2049)
    const [again] = cache.compile([storing(1)], nothing)
    expect(cache.compiled).toBe(2050)
    expect([stored(first), stored(again)]).toEqual([0, 1])
    expect(again.id).toBe(2049)
  })
})
