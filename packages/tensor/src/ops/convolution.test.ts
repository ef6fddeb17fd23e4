import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gradients, normal, type Tensor } from '../index.ts'
import { naiveConvolution } from './__fixtures__/naive-convolution.ts'
import { asTensor, counting, expectDense } from './__fixtures__/test-arrays.ts'
import { expectError, expectTensor, float, tensorOf } from './__fixtures__/test-tools.ts'
import { type ConvolutionOptions, conv1d, conv2d, conv3d } from './convolution.ts'

const convolutions = [conv1d, conv2d, conv3d]
const image = float([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3])
const diagonal = float([1, 0, 0, 1], [1, 1, 2, 2])
const random = (seed: number, ...shape: number[]): Tensor => normal(seed, shape)

/** Small convolutions in which at least one window fits. */
const problems = fc.integer({ min: 1, max: 3 }).chain(rank => {
  const perDim = (min: number, max: number) => fc.array(fc.integer({ min, max }), { minLength: rank, maxLength: rank })
  return fc
    .record({
      batch: fc.integer({ min: 0, max: 2 }),
      groups: fc.integer({ min: 1, max: 3 }),
      channels: fc.integer({ min: 1, max: 2 }),
      outputs: fc.integer({ min: 1, max: 2 }),
      sizes: perDim(1, 5),
      kernel: perDim(1, 3),
      stride: perDim(1, 3),
      padding: perDim(0, 3),
      dilation: perDim(1, 2),
    })
    .filter(p => p.sizes.every((n, d) => n + 2 * p.padding[d] > p.dilation[d] * (p.kernel[d] - 1)))
})

describe('convolutions', () => {
  it('sum weighted windows', () => {
    expectTensor(conv2d(image, diagonal), 'float32', [1, 1, 2, 2], [6, 8, 12, 14])
    expectTensor(conv1d(float([1, 2, 3, 4], [1, 1, 4]), float([1, 10], [1, 1, 2])), 'float32', [1, 1, 3], [21, 32, 43])
  })

  it('equal the formula for every option', () => {
    fc.assert(
      fc.property(problems, ({ batch, groups, channels, outputs, sizes, kernel, ...options }) => {
        const x = counting([batch, groups * channels, ...sizes])
        const weight = counting([groups * outputs, channels, ...kernel])
        const given = { ...options, groups }
        const y = convolutions[sizes.length - 1](asTensor(x), asTensor(weight), null, given)
        expectDense(y, naiveConvolution(x, weight, given))
      }),
      { numRuns: 200 },
    )
  })

  it('take numbers for all dims, and defaults', () => {
    const x = counting([1, 2, 5, 4])
    const weight = counting([3, 2, 2, 2])
    const [t, w] = [asTensor(x), asTensor(weight)]
    const plain = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 }
    expectDense(conv2d(t, w, null, {}), naiveConvolution(x, weight, plain))
    expectDense(conv2d(t, w, undefined, { padding: 'valid' }), naiveConvolution(x, weight, plain))
    const options = { stride: 2, padding: 1, dilation: 2 }
    const lists = { stride: [2, 2], padding: [1, 1], dilation: [2, 2], groups: 1 }
    expectDense(t.conv2d(w, null, options), naiveConvolution(x, weight, lists))
  })

  it('keep the size with padding same, an odd zero at the end', () => {
    const x = float([1, 2, 3, 4], [1, 1, 4])
    expectTensor(conv1d(x, float([1, 1], [1, 1, 2]), { padding: 'same' }), 'float32', [1, 1, 4], [3, 5, 7, 4])
    expectTensor(conv1d(x, float([1, 1, 1], [1, 1, 3]), { padding: 'same' }), 'float32', [1, 1, 4], [3, 6, 9, 7])
    const wide = conv1d(x, float([1, 1, 1], [1, 1, 3]), { padding: 'same', dilation: 2 })
    expectTensor(wide, 'float32', [1, 1, 4], [4, 6, 4, 6])
  })

  it('add a bias, in whose place options may stand', () => {
    expectTensor(conv2d(image, diagonal, float([100])), 'float32', [1, 1, 2, 2], [106, 108, 112, 114])
    expectTensor(conv2d(image, diagonal, { stride: 2 }), 'float32', [1, 1, 1, 1], [6])
    expectTensor(conv2d(image, diagonal, float([1]), { stride: 2 }), 'float32', [1, 1, 1, 1], [7])
  })

  it('read views', () => {
    const x = image.transpose(2, 3)
    expectTensor(conv2d(x, diagonal.flip([3])), 'float32', [1, 1, 2, 2], [6, 12, 8, 14])
    expectTensor(conv2d(image.expand([2, 1, 3, 3]), diagonal).select(0, 1), 'float32', [1, 2, 2], [6, 8, 12, 14])
  })

  it('spread NaN and infinity to the windows that hold them, not into the padding', () => {
    const x = float([Number.NaN, 1, 2, Number.POSITIVE_INFINITY], [1, 1, 4])
    const y = conv1d(x, float([1, 1], [1, 1, 2]), { padding: 1 })
    expectTensor(
      y,
      'float32',
      [1, 1, 5],
      [Number.NaN, Number.NaN, 3, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    )
  })
})

describe('dtypes of convolutions', () => {
  const of = (dtype: 'int8' | 'uint8' | 'int32' | 'bool' | 'float16', data: number[]) =>
    tensorOf(dtype, data, [1, 1, data.length])

  it('8-bit numbers are accumulated exactly in int32, with and without a bias', () => {
    expectTensor(conv1d(of('int8', [127, -128]), of('int8', [127, -128])), 'int32', [1, 1, 1], [32513])
    expectTensor(conv1d(of('uint8', [255, 255]), of('int8', [-128, 1])), 'int32', [1, 1, 1], [-32385])
    expectTensor(conv1d(of('bool', [1, 1]), of('bool', [1, 1])), 'int32', [1, 1, 1], [2])
    const padded = conv1d(of('uint8', [255]), of('uint8', [255]), tensorOf('int32', [-1]), { padding: 1 })
    expectTensor(padded, 'int32', [1, 1, 3], [-1, 65024, -1])
  })

  it('promote', () => {
    expectTensor(conv1d(of('int32', [2]), float([0.5], [1, 1, 1])), 'float32', [1, 1, 1], [1])
    expectTensor(conv1d(of('int32', [2]), of('int32', [3]), float([0.5])), 'float32', [1, 1, 1], [6.5])
  })

  it('float16 is rounded once, behind the bias', () => {
    const y = conv1d(of('float16', [2048, 1]), of('float16', [1, 1]), tensorOf('float16', [1]))
    expectTensor(y, 'float16', [1, 1, 1], [2050])
  })
})

describe('gradients of convolutions', () => {
  const check = (rank: number, x: number[], w: number[], options: ConvolutionOptions) =>
    gradcheck(
      (t, weight, bias) => convolutions[rank - 1](t, weight, bias, options).square(),
      [random(1, ...x), random(2, ...w), random(3, w[0])],
      { order: 2, maxElements: 12, rtol: 1e-3 },
    )

  it('of one dim', () => {
    check(1, [2, 2, 5], [3, 2, 3], { padding: 1 })
    check(1, [2, 2, 7], [3, 2, 2], { stride: 3, padding: 2, dilation: 2 })
    check(1, [2, 4, 5], [2, 2, 2], { stride: 2, groups: 2, padding: 'valid' })
    check(1, [1, 1, 4], [1, 1, 1], { padding: 2 })
  })

  it('of two dims', () => {
    check(2, [2, 2, 4, 3], [2, 2, 3, 2], { padding: 'same' })
    check(2, [2, 2, 5, 4], [2, 1, 2, 2], { stride: [2, 1], padding: [0, 1], groups: 2 })
    check(2, [2, 2, 2, 2], [3, 2, 1, 1], {})
    check(2, [1, 1, 5, 5], [1, 1, 2, 2], { stride: 3 })
  })

  it('of three dims', () => {
    check(3, [2, 1, 3, 2, 3], [2, 1, 2, 2, 2], { padding: 1 })
    check(3, [2, 2, 2, 3, 2], [4, 1, 2, 1, 2], { groups: 2, stride: [1, 2, 1] })
  })

  it('of the third order are those of the polynomial that a convolution is', () => {
    const [x, w] = [random(4, 1, 2, 4), random(5, 2, 2, 2)]
    const [dx] = gradients(conv1d(x, w, { padding: 1, stride: 2 }).pow(3).sum(), [x])
    gradcheck(
      (t, weight) => gradients(conv1d(t, weight, { padding: 1, stride: 2 }).pow(3).sum(), [t])[0].square(),
      [x, w],
      { order: 2, maxElements: 8, rtol: 1e-3 },
    )
    expect(dx.shape).toEqual([1, 2, 4])
  })

  it('of float16 are float16', () => {
    const [x, w] = [random(6, 1, 1, 4).cast('float16'), random(7, 1, 1, 2).cast('float16')]
    const grads = gradients(conv1d(x, w).cast('float32').sum(), [x, w])
    expect(grads.map(({ shape, dtype }) => [shape, dtype])).toEqual([
      [[1, 1, 4], 'float16'],
      [[1, 1, 2], 'float16'],
    ])
  })
})

describe('convolutions of nothing', () => {
  const shapesOf = (x: number[], w: number[], options: ConvolutionOptions = {}) => {
    const [t, weight] = [random(1, ...x), random(2, ...w)]
    const y = conv1d(t, weight, options)
    const grads = gradients(y.square().sum(), [t, weight])
    return [y, ...grads].map(result => [result.shape, result.dataSync().every(value => value === 0)])
  }

  it('an empty batch', () => {
    for (const options of [{ groups: 1 }, { groups: 1, stride: 2, padding: 1 }, { groups: 2 }]) {
      const weight = [2, 4 / options.groups, 3]
      expect(shapesOf([0, 4, 5], weight, options)).toEqual([
        [[0, 2, 3], true],
        [[0, 4, 5], true],
        [weight, true],
      ])
    }
  })

  it('no channels give zeros', () => {
    expect(shapesOf([2, 0, 5], [3, 0, 2])).toEqual([
      [[2, 3, 4], true],
      [[2, 0, 5], true],
      [[3, 0, 2], true],
    ])
    expect(shapesOf([2, 1, 5], [0, 1, 2])).toEqual([
      [[2, 0, 4], true],
      [[2, 1, 5], true],
      [[0, 1, 2], true],
    ])
  })

  it('only padding gives zeros', () => {
    expect(shapesOf([1, 1, 0], [1, 1, 2], { padding: 2, stride: 2 })).toEqual([
      [[1, 1, 2], true],
      [[1, 1, 0], true],
      [[1, 1, 2], true],
    ])
  })
})

describe('what convolutions refuse', () => {
  const x = float(new Array(48).fill(1), [1, 3, 4, 4])
  const w = (...shape: number[]) => random(0, ...shape)
  const refuse = (call: () => Tensor, code: 'argument' | 'shape', message: string) =>
    it(message, () => expectError(call, code, message))

  refuse(
    () => conv2d(x, w(2, 2, 3, 3)),
    'shape',
    'conv2d: input has 3 channels, weight [2, 2, 3, 3] with groups = 1 expects 2',
  )
  refuse(
    () => conv2d(x, w(4, 1, 1, 1), { groups: 3 }),
    'shape',
    'conv2d: weight [4, 1, 1, 1] must have a multiple of groups = 3 in dim 0',
  )
  refuse(
    () => conv2d(x.slice(2, { end: 2 }).slice(3, { end: 2 }), w(1, 3, 3, 3)),
    'shape',
    'conv2d: kernel [3, 3] is larger than the padded input [2, 2]',
  )
  refuse(
    () => conv2d(x, w(1, 3, 3, 3), { dilation: 3, padding: 1 }),
    'shape',
    'conv2d: kernel [7, 7] is larger than the padded input [6, 6]',
  )
  refuse(() => conv2d(x, float([], [1, 3, 0, 1])), 'shape', 'conv2d: weight [1, 3, 0, 1] must not have an empty kernel')
  refuse(() => conv1d(x, w(1, 3, 3)), 'shape', 'conv1d: x must have rank 3, got shape [1, 3, 4, 4]')
  refuse(() => conv3d(w(1, 1, 1, 1, 1), x), 'shape', 'conv3d: weight must have rank 5, got shape [1, 3, 4, 4]')
  refuse(() => conv2d(x, w(2, 3, 1, 1), w(3)), 'shape', 'conv2d: bias must have shape [2], got [3]')
  refuse(() => conv2d(x, 3 as never), 'argument', 'conv2d: weight must be a tensor, got number 3')
  refuse(() => conv2d(x, w(2, 3, 1, 1), 3 as never), 'argument', 'conv2d: bias must be a tensor, got number 3')
  refuse(() => conv2d(x, w(2, 3, 1, 1), null, 3 as never), 'argument', 'conv2d: options must be an object, got 3')

  const refuseOption = (options: object, message: string) =>
    refuse(() => conv2d(x, w(2, 3, 2, 2), options), 'argument', message)
  refuseOption({ stride: 0 }, 'conv2d: stride must be an integer of at least 1 or a list of 2, got 0')
  refuseOption({ stride: [1] }, 'conv2d: stride must be an integer of at least 1 or a list of 2, got [1]')
  refuseOption({ dilation: 1.5 }, 'conv2d: dilation must be an integer of at least 1 or a list of 2, got 1.5')
  refuseOption({ padding: -1 }, 'conv2d: padding must be an integer of at least 0 or a list of 2, got -1')
  refuseOption({ padding: 'full' }, "conv2d: padding must be a number, a list, 'valid' or 'same', got full")
  refuseOption({ padding: 'same', stride: [1, 2] }, "conv2d: padding 'same' needs a stride of 1, got [1, 2]")
  refuseOption({ groups: 0 }, 'conv2d: groups must be an integer of at least 1, got 0')
})
