import { describe, expect, it } from 'vitest'
import { createPool } from './pool.ts'

describe('createPool', () => {
  it('hands out the memory that was given back, for any type of about the same size', () => {
    const pool = createPool(10_000)
    const floats = pool.take('float32', 1000)
    pool.give(floats)
    const again = pool.take('int32', 990)
    expect(again.buffer).toBe(floats.buffer)
    expect(again).toBeInstanceOf(Int32Array)
    expect(again.length).toBe(990)
  })

  it('does not hand out memory of another size class', () => {
    const pool = createPool(10_000)
    const floats = pool.take('float32', 1000)
    pool.give(floats)
    expect(pool.take('float32', 500).buffer).not.toBe(floats.buffer)
  })

  it('never hands out the same memory twice', () => {
    const pool = createPool(1000)
    const array = pool.take('int8', 3)
    pool.give(array)
    expect(pool.take('int8', 3).buffer).toBe(array.buffer)
    expect(pool.take('int8', 3).buffer).not.toBe(array.buffer)
  })

  it('keeps no more than its limit, and has room again afterwards', () => {
    const pool = createPool(160)
    const [a, b, c] = [0, 1, 2].map(() => pool.take('float32', 5))
    for (const array of [a, b, c]) pool.give(array)
    expect(new Set([pool.take('float32', 5), pool.take('float32', 5)].map(x => x.buffer))).toEqual(
      new Set([a.buffer, b.buffer]),
    )
    expect(pool.take('float32', 5).buffer).not.toBe(c.buffer)
    pool.give(c)
    expect(pool.take('float32', 5).buffer).toBe(c.buffer)
  })

  it('does not keep memory that it did not hand out', () => {
    const pool = createPool(10_000)
    const foreign = new Float32Array(257)
    pool.give(foreign)
    expect(pool.take('float32', 257).buffer).not.toBe(foreign.buffer)
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
