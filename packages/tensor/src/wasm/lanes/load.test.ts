import { describe, expect, test } from 'vitest'
import { bytesPerElement, dtypes, type HostArray, hostArray } from '../../dtype.ts'
import { compile, readBuffer, writeBuffer } from './__fixtures__/run-lanes.ts'
import { loadLanes, loadOne } from './load.ts'

const base = 1024
const result = 256
const page = 65536

/** Eight values of each dtype, the ends of its range among them. */
const values: Record<string, number[]> = {
  float32: [1.5, -2.25, 1e-40, 3e38, Number.NaN, Number.NEGATIVE_INFINITY, -0, 7],
  float16: [1.5, -2.25, 2 ** -24, 65504, Number.NaN, Number.NEGATIVE_INFINITY, -0, 7],
  int32: [1, -1, 2147483647, -2147483648, 0, 65536, -65537, 7],
  uint8: [1, 0, 255, 128, 127, 200, 3, 7],
  int8: [1, -1, 127, -128, 0, 100, -100, 7],
  bool: [1, 0, 0, 1, 1, 1, 0, 1],
}

function fill(dtype: (typeof dtypes)[number], address: number, elements: readonly number[]): HostArray {
  const data = hostArray(dtype, elements.length)
  data.set(elements)
  writeBuffer(address, { dtype, data })
  return data
}

/** What lanes hold for elements: bools are masks. */
const lanesOf = (dtype: string, elements: ArrayLike<number>): number[] =>
  Array.from(elements, x => (dtype === 'bool' ? 0 - x || 0 : x))

describe.each(dtypes)('%s', dtype => {
  const width = bytesPerElement[dtype]
  const laneType = dtype === 'float32' || dtype === 'float16' ? 'float32' : 'int32'
  const write = (load: typeof loadLanes, offset: number) =>
    compile(1, code => {
      const x = code.local('v128')
      load(code, dtype, 0, offset, x)
      code.i32(result).get(x).memory('v128.store')
    })

  test('four elements come in order, from any address', () => {
    const data = fill(dtype, base, values[dtype])
    for (const first of [0, 1, 4]) {
      write(loadLanes, 0)(base + first * width)
      expect([...readBuffer(laneType, result, 4)]).toEqual(lanesOf(dtype, data.subarray(first, first + 4)))
      write(loadLanes, first * width)(base)
      expect([...readBuffer(laneType, result, 4)]).toEqual(lanesOf(dtype, data.subarray(first, first + 4)))
    }
  })

  test('one element fills all lanes', () => {
    const data = fill(dtype, base, values[dtype])
    for (let i = 0; i < 8; i++) {
      write(loadOne, i * width)(base)
      const [lane] = lanesOf(dtype, [data[i]])
      expect([...readBuffer(laneType, result, 4)]).toEqual([lane, lane, lane, lane])
    }
  })

  test('one element is read from the last bytes of the memory', () => {
    const last = 64 * page - width
    fill(dtype, last, [1])
    write(loadOne, 0)(last)
    expect(readBuffer(laneType, result, 1)[0]).toBe(dtype === 'bool' ? -1 : 1)
    expect(() => write(loadOne, 0)(last + 1)).toThrow(WebAssembly.RuntimeError)
  })

  test('four elements are read from the last bytes of the memory', () => {
    const last = 64 * page - 4 * width
    fill(dtype, last, [1, 1, 1, 1])
    write(loadLanes, 0)(last)
    expect(readBuffer(laneType, result, 4)[3]).toBe(dtype === 'bool' ? -1 : 1)
    expect(() => write(loadLanes, 0)(last + 1)).toThrow(WebAssembly.RuntimeError)
  })
})
