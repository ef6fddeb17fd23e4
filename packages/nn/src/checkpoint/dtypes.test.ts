import { SurprisalError, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { halfToNumber, numberToHalf, storedNames, storedTypes } from './dtypes.ts'

const decode = (dtype: string, array: ArrayBufferView, length: number): number[] =>
  Array.from(storedTypes.get(dtype)?.decode(array.buffer, array.byteOffset, length, 'x') ?? [])

describe('halves', () => {
  it('go from bits to a number and back, all of them', () => {
    for (let half = 0; half < 65536; half++) {
      const value = halfToNumber(half)
      if (Number.isNaN(value)) expect(halfToNumber(numberToHalf(value))).toBeNaN()
      else expect(numberToHalf(value)).toBe(half)
    }
  })

  it.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x3555, 0.333251953125],
  ])('%d is %d', (half, value) => {
    expect([halfToNumber(half), numberToHalf(value)]).toEqual([value, half])
  })

  it('keep the sign of zero', () => {
    expect(halfToNumber(0x8000)).toBe(-0)
    expect(numberToHalf(-0)).toBe(0x8000)
  })

  it('are those of the tensors', () => {
    const values = [0.1, -3.1, 1e-7, 60000, 5e-8]
    const halves = Array.from(tensor(values, { dtype: 'float16' }).dataSync())
    expect(halves.map(value => halfToNumber(numberToHalf(value)))).toEqual(halves)
  })
})

describe('storedTypes', () => {
  it.each([
    ['BOOL', Uint8Array.of(0, 1), [0, 1]],
    ['U8', Uint8Array.of(0, 255), [0, 255]],
    ['I8', Int8Array.of(-128, 127), [-128, 127]],
    ['I16', Int16Array.of(-32768, 5), [-32768, 5]],
    ['U16', Uint16Array.of(65535, 5), [65535, 5]],
    ['F16', Uint16Array.of(0x3c00, 0xc000), [1, -2]],
    ['BF16', Uint16Array.of(0x3f80, 0xc040), [1, -3]],
    ['I32', Int32Array.of(-(2 ** 31), 7), [-(2 ** 31), 7]],
    ['U32', Uint32Array.of(2 ** 31 - 1, 7), [2 ** 31 - 1, 7]],
    ['F32', Float32Array.of(1.5, Number.NaN), [1.5, Number.NaN]],
    ['F64', Float64Array.of(0.1, -2), [0.1, -2]],
    ['I64', BigInt64Array.of(-1n, 2147483647n), [-1, 2147483647]],
    ['U64', BigUint64Array.of(0n, 2147483647n), [0, 2147483647]],
  ])('%s', (dtype, stored, wanted) => {
    expect(decode(dtype, stored, wanted.length)).toEqual(wanted)
  })

  it.each([
    ['I64', BigInt64Array.of(0n, 2147483648n), '2147483648'],
    ['I64', BigInt64Array.of(-2147483649n), '-2147483649'],
    ['I64', BigInt64Array.of(-(2n ** 63n)), '-9223372036854775808'],
    ['U64', BigUint64Array.of(2147483648n), '2147483648'],
    ['U64', BigUint64Array.of(2n ** 64n - 1n), '18446744073709551615'],
    ['U32', Uint32Array.of(1, 4294967295), '4294967295'],
  ])('%s does not take %o', (dtype, stored, value) => {
    expect(() => decode(dtype, stored, stored.length)).toThrow(
      new SurprisalError('format', `readSafetensors: data of x must fit int32, got ${value}`),
    )
  })

  it('knows where each dtype of tensors is stored', () => {
    for (const [dtype, name] of Object.entries(storedNames)) expect(storedTypes.get(name)?.dtype).toBe(dtype)
  })
})
