import { describe, expect, it } from 'vitest'
import { createPool } from './pool.ts'

describe('createPool', () => {
  it('hands out what was given back, by type and length', () => {
    const pool = createPool(1000)
    const floats = pool.take('float32', 4)
    const bytes = pool.take('uint8', 4)
    pool.give(floats)
    pool.give(bytes)
    expect(pool.take('int32', 4)).not.toBe(floats)
    expect(pool.take('float32', 5)).not.toBe(floats)
    expect(pool.take('float16', 4)).toBe(floats)
    expect(pool.take('bool', 4)).toBe(bytes)
  })

  it('never hands out the same array twice', () => {
    const pool = createPool(1000)
    const array = pool.take('int8', 3)
    pool.give(array)
    expect(pool.take('int8', 3)).toBe(array)
    expect(pool.take('int8', 3)).not.toBe(array)
  })

  it('keeps no more than its limit, and has room again afterwards', () => {
    const pool = createPool(40)
    const [a, b, c] = [new Float32Array(5), new Float32Array(5), new Float32Array(5)]
    for (const array of [a, b, c]) pool.give(array)
    expect([pool.take('float32', 5), pool.take('float32', 5)]).toEqual([b, a])
    expect(pool.take('float32', 5)).not.toBe(c)
    pool.give(c)
    expect(pool.take('float32', 5)).toBe(c)
  })

  it.each(['float32', 'float16', 'int32', 'uint8', 'int8', 'bool'] as const)(
    'makes %s arrays of the right kind',
    dtype => {
      const kinds = {
        float32: Float32Array,
        float16: Float32Array,
        int32: Int32Array,
        uint8: Uint8Array,
        int8: Int8Array,
        bool: Uint8Array,
      }
      const array = createPool(100).take(dtype, 7)
      expect(array).toBeInstanceOf(kinds[dtype])
      expect(array.length).toBe(7)
    },
  )
})
