import { describe, expect, it } from 'vitest'
import { gradients } from '../index.ts'
import { expectError, expectTensor, float, tensorOf } from './__fixtures__/test-tools.ts'
import { mul } from './arithmetic.ts'
import { cast } from './cast.ts'

describe('cast', () => {
  it('from float truncates, saturates and makes NaN 0', () => {
    const x = float([2.9, -2.9, 300, NaN, -Infinity])
    expectTensor(cast(x, 'uint8'), 'uint8', [5], [2, 0, 255, 0, 0])
    expectTensor(cast(x, 'int8'), 'int8', [5], [2, -2, 127, 0, -128])
    expectTensor(cast(float([3e9, -3e9, 1.5]), 'int32'), 'int32', [3], [2147483647, -2147483648, 1])
    expectTensor(cast(tensorOf('float16', [2.5, Infinity]), 'uint8'), 'uint8', [2], [2, 255])
  })

  it('between integers is taken modulo the width', () => {
    expectTensor(cast(tensorOf('int32', [256, -1, 200]), 'uint8'), 'uint8', [3], [0, 255, 200])
    expectTensor(cast(tensorOf('int32', [200, 128, -129]), 'int8'), 'int8', [3], [-56, -128, 127])
    expectTensor(cast(tensorOf('uint8', [200]), 'int8'), 'int8', [1], [-56])
    expectTensor(cast(tensorOf('int8', [-56]), 'uint8'), 'uint8', [1], [200])
    expectTensor(cast(tensorOf('int8', [-5]), 'int32'), 'int32', [1], [-5])
  })

  it('to bool asks for x != 0', () => {
    expectTensor(cast(float([0, -0, NaN, 0.1]), 'bool'), 'bool', [4], [0, 0, 1, 1])
    expectTensor(cast(tensorOf('int32', [0, -7, 256]), 'bool'), 'bool', [3], [0, 1, 1])
    expectTensor(cast(tensorOf('bool', [0, 1]), 'float32'), 'float32', [2], [0, 1])
  })

  it('to float16 rounds to nearest even and keeps subnormals', () => {
    const x = float([65504, 65519, 65520, -70000, 6e-8, 2.9e-8, 0.1, 1.00048828125, 1.00146484375, NaN])
    const expected = [65504, 65504, Infinity, -Infinity, 2 ** -24, 0, 0.0999755859375, 1, 1.001953125, NaN]
    expectTensor(cast(x, 'float16'), 'float16', [10], expected)
    expectTensor(cast(tensorOf('int32', [2049]), 'float16'), 'float16', [1], [2048])
  })

  it('to its own dtype changes nothing', () => {
    expectTensor(cast(float([1.5], [1, 1]), 'float32'), 'float32', [1, 1], [1.5])
  })

  it('passes the gradient between floats only', () => {
    const x = float([1.5, 2])
    const [through] = gradients(cast(mul(cast(x, 'float16'), 3), 'float32').sum(), [x])
    expectTensor(through, 'float32', [2], [3, 3])
    const [stopped] = gradients(cast(cast(x, 'int32'), 'float32').sum(), [x])
    expectTensor(stopped, 'float32', [2], [0, 0])
  })

  it('names the dtypes there are', () => {
    expectError(
      () => cast(float([1]), 'float64' as never),
      'dtype',
      'cast: dtype must be one of float32, float16, int32, uint8, int8, bool, got float64',
    )
    expect(() => cast(float([1]), undefined as never)).toThrow('got undefined')
  })
})
