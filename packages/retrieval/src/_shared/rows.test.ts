import { describe, expect, it } from 'vitest'
import { appendRows, keepRows } from './rows.ts'

describe('appendRows', () => {
  it('starts with exactly what is needed', () => {
    expect(appendRows(new Float32Array(0), 0, Float32Array.of(1, 2))).toEqual(Float32Array.of(1, 2))
  })

  it('grows by half and keeps what was there', () => {
    const grown = appendRows(Int32Array.of(1, 2, 3, 4), 4, Int32Array.of(5))
    expect(grown.length).toBe(6)
    expect([...grown.subarray(0, 5)]).toEqual([1, 2, 3, 4, 5])
  })

  it('writes into spare room without moving', () => {
    const rows = new Int8Array(4)
    expect(appendRows(rows, 2, Int8Array.of(7, 8))).toBe(rows)
    expect([...rows]).toEqual([0, 0, 7, 8])
  })

  it('leaves a full array as it was', () => {
    const rows = Float32Array.of(1)
    appendRows(rows, 1, Float32Array.of(2))
    expect([...rows]).toEqual([1])
  })
})

describe('keepRows', () => {
  it('copies the kept rows in order and leaves the source alone', () => {
    const rows = Int32Array.of(1, 2, 3, 4, 5, 6)
    const kept = keepRows(rows, 2, Int32Array.of(0, 2))
    expect(kept).toEqual(Int32Array.of(1, 2, 5, 6))
    kept[0] = 99
    expect(rows[0]).toBe(1)
  })

  it('can keep nothing', () => {
    expect(keepRows(Int8Array.of(1, 2), 1, new Int32Array(0))).toEqual(new Int8Array(0))
  })
})
