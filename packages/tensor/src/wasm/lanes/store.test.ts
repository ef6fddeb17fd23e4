import { describe, expect, test } from 'vitest'
import { bytesPerElement, dtypes, roundToHalf } from '../../dtype.ts'
import { compile, readBuffer, writeBuffer } from './__fixtures__/run-lanes.ts'
import { storeLanes, storeOne } from './store.ts'

const source = 512
const base = 1024

/** Lanes of each dtype: what stands in registers, and the elements that they are stored as. */
const lanes: Record<string, [number[], number[]]> = {
  float32: [
    [1.5, -2.25, 1e-40, Number.NaN],
    [1.5, -2.25, Math.fround(1e-40), Number.NaN],
  ],
  float16: [
    [1.0004, -65519, 1e-7, 1e9],
    [roundToHalf(1.0004), -65504, roundToHalf(1e-7), Number.POSITIVE_INFINITY],
  ],
  int32: [
    [1, -1, 2147483647, -2147483648],
    [1, -1, 2147483647, -2147483648],
  ],
  uint8: [
    [0, 255, 128, 7],
    [0, 255, 128, 7],
  ],
  int8: [
    [-128, 127, -1, 7],
    [-128, 127, -1, 7],
  ],
  bool: [
    [-1, 0, 0, -1],
    [1, 0, 0, 1],
  ],
}

describe.each(dtypes)('%s', dtype => {
  const width = bytesPerElement[dtype]
  const [held, elements] = lanes[dtype]
  const isFloat = dtype === 'float32' || dtype === 'float16'
  const guard = new Uint8Array(64).fill(0xa5)

  /** Stores at `base + offset` between guards; returns the bytes around and the elements. */
  function run(store: typeof storeLanes, offset: number, count: number) {
    const operand = isFloat
      ? ({ dtype: 'float32', data: Float32Array.from(held) } as const)
      : ({ dtype: 'int32', data: Int32Array.from(held) } as const)
    writeBuffer(source, operand)
    writeBuffer(base, { dtype: 'uint8', data: guard })
    compile(1, code => {
      const x = code.local('v128')
      code.i32(source).memory('v128.load').set(x)
      store(code, dtype, 0, offset, x)
    })(base)
    const bytes = readBuffer('uint8', base, 64)
    return {
      before: bytes.subarray(0, offset),
      after: bytes.subarray(offset + count * width),
      stored: [...readBuffer(dtype, base + offset, count)],
    }
  }

  test.each([0, 8, 16])('four lanes are stored at offset %i and nothing else', offset => {
    const { before, after, stored } = run(storeLanes, offset, 4)
    expect(stored).toEqual(elements)
    expect([...before, ...after].every(byte => byte === 0xa5)).toBe(true)
  })

  test.each([0, 4, 12])('the first lane is stored at offset %i and nothing else', offset => {
    const { before, after, stored } = run(storeOne, offset, 1)
    expect(stored).toEqual([elements[0]])
    expect([...before, ...after].every(byte => byte === 0xa5)).toBe(true)
  })
})
