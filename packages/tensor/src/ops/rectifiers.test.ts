import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { expectClose, expectError, expectTensor, float, numbers, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { hardtanh, leakyRelu, relu, relu6 } from './rectifiers.ts'

const x = [-Infinity, -2, -0, 0, 3, 6, 7, Infinity, NaN]

describe('relu', () => {
  it('keeps NaN and the sign of zero', () => {
    expect(numbers(relu(float(x)))).toEqual([0, 0, -0, 0, 3, 6, 7, Infinity, NaN])
  })

  it('keeps the dtype', () => {
    for (const dtype of ['int32', 'int8', 'float16'] as const)
      expectTensor(relu(tensorOf(dtype, [-2, 3])), dtype, [2], [0, 3])
    expectTensor(relu(tensorOf('bool', [0, 1])), 'bool', [2], [0, 1])
  })

  it('has derivative 0 at 0', () => {
    expect(slope(relu, float([-1, -0, 0, 2, -Infinity]))).toEqual([0, 0, 0, 1, 0])
    gradcheck(relu, [float([-1, 2])], { order: 2 })
  })
})

describe('relu6 and hardtanh', () => {
  it('hold numbers between their bounds', () => {
    expect(numbers(relu6(float(x))).map(y => y + 0)).toEqual([0, 0, 0, 0, 3, 6, 6, 6, NaN])
    expect(numbers(hardtanh(float(x))).map(y => y + 0)).toEqual([-1, -1, 0, 0, 1, 1, 1, 1, NaN])
    expectTensor(hardtanh(float([-5, 0.5, 5]), { min: -2, max: 3 }), 'float32', [3], [-2, 0.5, 3])
    expectTensor(relu6(tensorOf('uint8', [3, 200])), 'uint8', [2], [3, 6])
    expectTensor(hardtanh(tensorOf('int32', [-3, 0, 3])), 'int32', [3], [-1, 0, 1])
  })

  it('pass the gradient at their bounds', () => {
    expect(slope(relu6, float([-1, 0, 3, 6, 7]))).toEqual([0, 1, 1, 1, 0])
    expect(slope(hardtanh, float([-2, -1, 0, 1, 2]))).toEqual([0, 1, 1, 1, 0])
    gradcheck(relu6, [float([-1, 3, 7])], { order: 2 })
    gradcheck(x => hardtanh(x), [float([-2, 0.5, 2])], { order: 2 })
  })

  it('reject bad bounds', () => {
    const message = 'hardtanh: min must be a number, got null'
    expectError(() => hardtanh(float([1]), { min: null as never }), 'argument', message)
    expectError(() => hardtanh(tensorOf('uint8', [1])), 'dtype', 'hardtanh: -1 does not fit uint8')
  })
})

describe('leakyRelu', () => {
  it('scales what is below 0', () => {
    expectClose(leakyRelu(float(x)), [-Infinity, -0.02, 0, 0, 3, 6, 7, Infinity, NaN])
    expectClose(leakyRelu(float([-2, 2]), { negativeSlope: 0.5 }), [-1, 2])
    expectTensor(leakyRelu(tensorOf('int32', [-4, 4]), { negativeSlope: 0.25 }), 'float32', [2], [-1, 4])
    expect(leakyRelu(tensorOf('float16', [-4])).dtype).toBe('float16')
  })

  it('takes the slope of the branch x <= 0 at 0', () => {
    expect(slope(y => leakyRelu(y, { negativeSlope: 0.5 }), float([-1, 0, 2]))).toEqual([0.5, 0.5, 1])
    gradcheck(x => leakyRelu(x), [float([-1, 2])], { order: 2 })
  })

  it('rejects a slope that is no number', () => {
    const call = () => leakyRelu(float([1]), { negativeSlope: '1' as never })
    expectError(call, 'argument', 'leakyRelu: negativeSlope must be a number, got string 1')
  })
})
