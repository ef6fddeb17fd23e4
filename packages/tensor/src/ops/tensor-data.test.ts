import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectError, expectTensor, numbers } from './__fixtures__/test-tools.ts'
import { type TensorData, type TensorOptions, tensor } from './tensor-data.ts'

describe('what tensor takes', () => {
  it('takes a number or a boolean as a scalar', () => {
    expectTensor(tensor(3), 'float32', [], [3])
    expectTensor(tensor(true), 'bool', [], [1])
  })

  it('takes nested arrays, and their shape', () => {
    expectTensor(
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      'float32',
      [2, 3],
      [1, 2, 3, 4, 5, 6],
    )
    expectTensor(tensor([[[1]], [[2]]]), 'float32', [2, 1, 1], [1, 2])
  })

  it('takes empty arrays', () => {
    expectTensor(tensor([]), 'float32', [0], [])
    expectTensor(tensor([[], []]), 'float32', [2, 0], [])
    expectTensor(tensor([], { shape: [3, 0, 2] }), 'float32', [3, 0, 2], [])
  })

  it('gives flat or nested data another shape of the same size', () => {
    expectTensor(tensor([1, 2, 3, 4], { shape: [2, 2] }), 'float32', [2, 2], [1, 2, 3, 4])
    expectTensor(
      tensor(
        [
          [1, 2],
          [3, 4],
        ],
        { shape: [4] },
      ),
      'float32',
      [4],
      [1, 2, 3, 4],
    )
    expectTensor(tensor(Int8Array.of(1, 2), { shape: [2, 1] }), 'int8', [2, 1], [1, 2])
  })

  it('copies what it is given', () => {
    const data = Float32Array.of(1, 2)
    const shape = [2, 1]
    const x = tensor(data, { shape })
    data[0] = 9
    shape[0] = 9
    expectTensor(x, 'float32', [2, 1], [1, 2])
  })

  it('returns nested arrays of any shape in row-major order', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(sizes, shape => {
        let next = 0
        const nest = (d: number): TensorData =>
          d === shape.length ? next++ : (Array.from({ length: shape[d] }, () => nest(d + 1)) as number[])
        const x = tensor(nest(0))
        expect(x.shape).toEqual(shape)
        expect(numbers(x)).toEqual(Array.from({ length: next }, (_, i) => i))
      }),
    )
  })
})

describe('the dtype', () => {
  it('is bool when all are booleans, else float32', () => {
    expectTensor(tensor([true, false]), 'bool', [2], [1, 0])
    expectTensor(tensor([true, 2]), 'float32', [2], [1, 2])
    expectTensor(tensor([1, 2]), 'float32', [2], [1, 2])
  })

  const arrays: [ArrayBufferView & ArrayLike<number>, string][] = [
    [Int32Array.of(1), 'int32'],
    [Uint8Array.of(1), 'uint8'],
    [Uint8ClampedArray.of(1), 'uint8'],
    [Int8Array.of(1), 'int8'],
    [Float32Array.of(1), 'float32'],
    [Float64Array.of(1), 'float32'],
  ]
  for (const [data, dtype] of arrays)
    it(`of ${data.constructor.name} is ${dtype}`, () => {
      expect(tensor(data).dtype).toBe(dtype)
      expect(numbers(tensor(data))).toEqual([1])
    })

  it.runIf('Float16Array' in globalThis)('of Float16Array is float16', () => {
    const Half = (globalThis as unknown as { Float16Array: { of(x: number): Float32Array } }).Float16Array
    expectTensor(tensor(Half.of(1.5)), 'float16', [1], [1.5])
  })

  it('that is given truncates and saturates floats', () => {
    const data = [1.9, -1.9, 300, -300, Number.NaN, Number.POSITIVE_INFINITY]
    expectTensor(tensor(data, { dtype: 'uint8' }), 'uint8', [6], [1, 0, 255, 0, 0, 255])
    expectTensor(tensor(data, { dtype: 'int8' }), 'int8', [6], [1, -1, 127, -128, 0, 127])
    expectTensor(tensor([3e9, -3e9], { dtype: 'int32' }), 'int32', [2], [2147483647, -2147483648])
  })

  it('that is given takes integers modulo its width', () => {
    expectTensor(tensor(Int32Array.of(300, -1), { dtype: 'uint8' }), 'uint8', [2], [44, 255])
    expectTensor(tensor(Uint8Array.of(200), { dtype: 'int8' }), 'int8', [1], [-56])
  })

  it('bool is whether it is not 0, NaN included', () => {
    expectTensor(tensor([0, -0, 0.5, Number.NaN], { dtype: 'bool' }), 'bool', [4], [0, 0, 1, 1])
    expectTensor(tensor(Int32Array.of(0, 256), { dtype: 'bool' }), 'bool', [2], [0, 1])
  })

  it('float16 rounds to nearest even and overflows at 65520', () => {
    const data = [1 + 2 ** -11, 1 + 3 * 2 ** -11, 65519, 65520, 2 ** -24, 2 ** -25]
    expectTensor(
      tensor(data, { dtype: 'float16' }),
      'float16',
      [6],
      [1, 1 + 2 ** -9, 65504, Number.POSITIVE_INFINITY, 2 ** -24, 0],
    )
  })

  it('float32 rounds float64 numbers', () => {
    expect(numbers(tensor([0.1]))).toEqual([Math.fround(0.1)])
    expect(numbers(tensor(Float64Array.of(1e300)))).toEqual([Number.POSITIVE_INFINITY])
  })

  it('must be given for typed arrays without one of their own', () => {
    expectTensor(tensor(Uint16Array.of(7), { dtype: 'int32' }), 'int32', [1], [7])
    expectError(
      () => tensor(Uint16Array.of(7)),
      'dtype',
      'tensor: data must be a typed array with a dtype of its own, got Uint16Array',
    )
  })
})

describe('what tensor refuses', () => {
  const refuse = (name: string, data: unknown, code: 'shape' | 'argument' | 'dtype', message: string) =>
    it(name, () => expectError(() => tensor(data as TensorData), code, message))

  refuse('ragged rows', [[1, 2], [3]], 'shape', 'tensor: ragged nested array at [1]')
  refuse('a number among rows', [[1, 2], 3], 'shape', 'tensor: ragged nested array at [1]')
  refuse('a row among numbers', [1, [2]], 'shape', 'tensor: ragged nested array at [1]')
  refuse(
    'ragged rows further down',
    [
      [[1], [2]],
      [[3], [4, 5]],
    ],
    'shape',
    'tensor: ragged nested array at [1, 1]',
  )
  refuse('a row beside an empty one', [[], [1]], 'shape', 'tensor: ragged nested array at [1]')
  refuse('strings', [1, 'a'], 'argument', 'tensor: data must hold numbers or booleans, got string a at [1]')
  refuse('holes', [[1, undefined]], 'argument', 'tensor: data must hold numbers or booleans, got undefined at [0, 1]')
  refuse('bigints', [1n], 'argument', 'tensor: data must hold numbers or booleans, got bigint 1 at [0]')
  refuse('BigInt arrays', BigInt64Array.of(1n), 'dtype', 'tensor: data must not be a BigInt array, got BigInt64Array')
  refuse('null', null, 'argument', 'tensor: data must be nested arrays or a typed array, got null')
  refuse('a tensor', tensor(1), 'argument', 'tensor: data must be nested arrays or a typed array, got an object Tensor')

  it('endless nesting', () => {
    const data: unknown[] = []
    data.push(data)
    expectError(() => tensor(data as never), 'shape', 'tensor: rank must be at most 8, got deeper nesting')
  })

  const refuseOptions = (name: string, options: unknown, code: 'shape' | 'dtype' | 'device', message: string) =>
    it(name, () => expectError(() => tensor([1, 2], options as TensorOptions), code, message))

  refuseOptions('a shape of another size', { shape: [3] }, 'shape', 'tensor: shape [3] needs 3 elements, got 2')
  refuseOptions('a negative dim', { shape: [-1] }, 'shape', 'tensor: shape must hold non-negative integers, got [-1]')
  refuseOptions(
    'an unknown dtype',
    { dtype: 'float64' },
    'dtype',
    'tensor: dtype must be one of float32, float16, int32, uint8, int8, bool, got float64',
  )
  refuseOptions('an unknown device', { device: 'tpu' }, 'device', 'tensor: device must be cpu, got tpu')
})
