import { describe, expect, it } from 'vitest'
import type { TensorLike } from '../../tensor.ts'
import { expectError, expectTensor, float, tensorOf } from '../__fixtures__/test-tools.ts'
import { biasedProduct, convolutionArguments } from './convolution-operands.ts'

const x = float([1, 2], [1, 2, 1])
const weight = float([3, 4], [1, 2, 1])
type Options = { groups?: number }
const read = (bias?: TensorLike | Options | null, options?: Options) =>
  convolutionArguments<Options>('conv', 1, w => w.shape[1], [x, weight, bias, options])

describe('convolutionArguments', () => {
  it('finds the bias and the options, wherever these stand', () => {
    const bias = float([1])
    const options = { groups: 1 }
    const calls: [[(TensorLike | Options | null)?, Options?], [unknown, Options]][] = [
      [[], [null, {}]],
      [[null], [null, {}]],
      [[options], [null, options]],
      [[bias], [bias, {}]],
      [
        [bias, options],
        [bias, options],
      ],
      [
        [undefined, options],
        [null, options],
      ],
    ]
    for (const [rest, found] of calls) {
      const given = read(...rest)
      expect([given.bias, given.options, given.groups]).toEqual([...found, 1])
    }
  })

  it('promotes, and makes bools integers', () => {
    const given = convolutionArguments('conv', 1, () => 1, [
      tensorOf('bool', [1], [1, 1, 1]),
      tensorOf('bool', [1], [1, 1, 1]),
    ])
    expect([given.x.dtype, given.weight.dtype]).toEqual(['int32', 'int32'])
  })

  it('refuses options in both places', () => {
    expectError(() => read({}, {}), 'argument', 'conv: bias must be a tensor, got an object Object')
  })
})

describe('biasedProduct', () => {
  it('adds the bias to the channels of dim 1, before the one rounding', () => {
    const half = (data: number[], shape: number[]) => tensorOf('float16', data, shape)
    const given = {
      x: half([2049], [1, 1, 1]),
      weight: half([1, 1], [1, 2, 1]),
      bias: half([1, 2], [2]),
      groups: 1,
      options: {},
    }
    const y = biasedProduct('conv', given, [1, 2, 1], (t, w) => w.mul(t).add(1))
    expectTensor(y, 'float16', [1, 2, 1], [2050, 2052])
  })

  it('refuses results that are too large before it computes them', () => {
    expectError(
      () => biasedProduct('conv', read(), [2 ** 16, 2 ** 15], () => x),
      'shape',
      'conv: a tensor must have fewer than 2^31 elements, got shape [65536, 32768]',
    )
  })
})
