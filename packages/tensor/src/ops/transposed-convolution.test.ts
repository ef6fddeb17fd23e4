import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gradients, normal, type Tensor } from '../index.ts'
import { naiveTransposed } from './__fixtures__/naive-convolution.ts'
import { asTensor, counting, expectDense } from './__fixtures__/test-arrays.ts'
import { expectClose, expectError, expectTensor, float, numbers, tensorOf } from './__fixtures__/test-tools.ts'
import { conv2d } from './convolution.ts'
import { convTranspose1d, convTranspose2d, type TransposedConvolutionOptions } from './transposed-convolution.ts'

const random = (seed: number, ...shape: number[]): Tensor => normal(seed, shape)

/** Small transposed convolutions of which something is left after cutting. */
const problems = fc.integer({ min: 1, max: 2 }).chain(rank => {
  const perDim = (min: number, max: number) => fc.array(fc.integer({ min, max }), { minLength: rank, maxLength: rank })
  return fc
    .record({
      batch: fc.integer({ min: 0, max: 2 }),
      groups: fc.integer({ min: 1, max: 3 }),
      channels: fc.integer({ min: 1, max: 2 }),
      outputs: fc.integer({ min: 1, max: 2 }),
      sizes: perDim(1, 4),
      kernel: perDim(1, 3),
      stride: perDim(1, 3),
      padding: perDim(0, 2),
      dilation: perDim(1, 2),
      outputPadding: perDim(0, 1),
    })
    .filter(p =>
      p.sizes.every(
        (n, d) =>
          p.outputPadding[d] < Math.max(p.stride[d], p.dilation[d]) &&
          (n - 1) * p.stride[d] + p.dilation[d] * (p.kernel[d] - 1) + p.outputPadding[d] + 1 >= 2 * p.padding[d],
      ),
    )
})

describe('transposed convolutions', () => {
  it('give each element its multiple of the kernel', () => {
    const [x, w] = [float([1, 10], [1, 1, 2]), float([1, 2, 3], [1, 1, 3])]
    expectTensor(convTranspose1d(x, w), 'float32', [1, 1, 4], [1, 12, 23, 30])
    expectTensor(convTranspose1d(x, w, { stride: 2 }), 'float32', [1, 1, 5], [1, 2, 13, 20, 30])
    expectTensor(convTranspose1d(x, w, { stride: 2, padding: 1 }), 'float32', [1, 1, 3], [2, 13, 20])
    const longer = convTranspose1d(x, w, float([0.5]), { stride: 2, padding: 1, outputPadding: 1 })
    expectTensor(longer, 'float32', [1, 1, 4], [2.5, 13.5, 20.5, 30.5])
    expectTensor(
      x.convTranspose1d(w, null, { stride: 4, outputPadding: 3 }),
      'float32',
      [1, 1, 10],
      [...[1, 2, 3, 0, 10, 20, 30, 0, 0, 0]],
    )
  })

  it('equal the formula for every option', () => {
    fc.assert(
      fc.property(problems, ({ batch, groups, channels, outputs, sizes, kernel, ...options }) => {
        const x = counting([batch, groups * channels, ...sizes])
        const weight = counting([groups * channels, outputs, ...kernel])
        const given = { ...options, groups }
        const op = sizes.length === 1 ? convTranspose1d : convTranspose2d
        expectDense(op(asTensor(x), asTensor(weight), null, given), naiveTransposed(x, weight, given))
      }),
      { numRuns: 200 },
    )
  })

  it('are the map from the gradient of a convolution to that of its input', () => {
    for (const [stride, padding, dilation] of [
      [1, 1, 1],
      [2, 1, 1],
      [2, 0, 2],
      [3, 2, 1],
    ]) {
      const options = { stride, padding, dilation, groups: 2 }
      const [x, w] = [random(1, 2, 4, 7, 8), random(2, 6, 2, 3, 2)]
      const y = conv2d(x, w, options)
      const dy = random(3, ...y.shape)
      const [dx] = gradients(y.mul(dy).sum(), [x])
      const size = [7, 8].map((n, d) => n - ((y.shape[d + 2] - 1) * stride - 2 * padding + dilation * (2 - d) + 1))
      expectClose(convTranspose2d(dy, w, { ...options, outputPadding: size }), numbers(dx), 1e-5, 1e-5)
    }
  })

  it('have the dtypes of convolutions', () => {
    const of = (dtype: 'int8' | 'bool', data: number[]) => tensorOf(dtype, data, [1, 1, data.length])
    for (const stride of [1, 2]) {
      const y = convTranspose1d(of('int8', [-128, 1]), of('int8', [127]), tensorOf('int32', [1]), { stride })
      expectTensor(y, 'int32', [1, 1, stride + 1], stride === 1 ? [-16255, 128] : [-16255, 1, 128])
      const ones = tensorOf('float16', [1, 1], [2, 1, 1])
      const half = convTranspose1d(tensorOf('float16', [2048, 1], [1, 2, 1]), ones, tensorOf('float16', [1]), {
        stride,
      })
      expectTensor(half, 'float16', [1, 1, 1], [2050])
      expectTensor(convTranspose1d(of('bool', [1]), of('bool', [1, 1]), { stride }), 'int32', [1, 1, 2], [1, 1])
    }
  })

  it('have gradients', () => {
    const check = (x: number[], w: number[], outputs: number, options: TransposedConvolutionOptions) =>
      gradcheck(
        (t, weight, bias) => (x.length === 3 ? convTranspose1d : convTranspose2d)(t, weight, bias, options).square(),
        [random(1, ...x), random(2, ...w), random(3, outputs)],
        { order: 2, maxElements: 12, rtol: 1e-3 },
      )
    check([2, 2, 3], [2, 3, 3], 3, { padding: 1 })
    check([2, 2, 3], [2, 1, 2], 2, { stride: 2, padding: 1, outputPadding: 1, groups: 2 })
    check([1, 2, 3, 2], [2, 2, 2, 3], 2, { stride: [1, 2], dilation: [2, 1] })
    check([1, 2, 2, 2], [2, 2, 2, 2], 2, { stride: 3 })
    check([1, 1, 3], [1, 1, 1], 1, { padding: 1 })
  })

  it('of nothing are zeros', () => {
    for (const stride of [1, 2]) {
      expect(convTranspose1d(float([], [0, 2, 3]), random(1, 2, 4, 3), { stride }).shape).toEqual([
        0,
        4,
        2 * stride + 3,
      ])
      const noChannels = convTranspose1d(float([], [1, 0, 2]), float([], [0, 1, 1]), { stride })
      expectTensor(noChannels, 'float32', [1, 1, stride + 1], new Array(stride + 1).fill(0))
      const noElements = convTranspose1d(float([], [1, 1, 0]), random(1, 1, 1, 4), { stride })
      expectTensor(noElements, 'float32', [1, 1, 4 - stride], new Array(4 - stride).fill(0))
      expect(convTranspose1d(random(1, 1, 1, 1), random(1, 1, 1, 2), { stride, padding: 1 }).shape).toEqual([1, 1, 0])
    }
  })
})

describe('what transposed convolutions refuse', () => {
  const x = float(new Array(12).fill(1), [1, 3, 2, 2])
  const w = (...shape: number[]) => random(0, ...shape)
  const refuse = (call: () => Tensor, code: 'argument' | 'shape', message: string) =>
    it(message, () => expectError(call, code, message))

  refuse(
    () => convTranspose2d(x, w(2, 3, 3, 3)),
    'shape',
    'convTranspose2d: input has 3 channels, weight [2, 3, 3, 3] with groups = 1 expects 2',
  )
  refuse(
    () => convTranspose2d(x, w(3, 2, 3, 3), { groups: 2 }),
    'shape',
    'convTranspose2d: weight [3, 2, 3, 3] must have a multiple of groups = 2 in dim 0',
  )
  refuse(
    () => convTranspose2d(x, w(3, 2, 1, 2), { padding: 2 }),
    'shape',
    'convTranspose2d: padding [2, 2] cuts off more than there is, leaving [-2, -1]',
  )
  refuse(
    () => convTranspose2d(x, w(3, 2, 1, 1), w(3), { groups: 1 }),
    'shape',
    'convTranspose2d: bias must have shape [2], got [3]',
  )
  refuse(() => convTranspose1d(x, w(3, 2, 1)), 'shape', 'convTranspose1d: x must have rank 3, got shape [1, 3, 2, 2]')
  const refuseOption = (options: object, message: string) =>
    refuse(() => convTranspose2d(x, w(3, 2, 2, 2), options), 'argument', message)
  refuseOption(
    { outputPadding: 1 },
    'convTranspose2d: outputPadding must be smaller than stride or dilation, got [1, 1]',
  )
  refuseOption({ stride: -1 }, 'convTranspose2d: stride must be an integer of at least 1 or a list of 2, got -1')
  refuseOption(
    { padding: 'same' },
    'convTranspose2d: padding must be an integer of at least 0 or a list of 2, got string same',
  )
  refuseOption(
    { outputPadding: [0, 1, 0] },
    'convTranspose2d: outputPadding must be an integer of at least 0 or a list of 2, got [0, 1, 0]',
  )
})
