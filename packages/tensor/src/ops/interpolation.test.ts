import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normal, type Tensor } from '../index.ts'
import { asTensor, build, counting, type Dense, expectDense, read } from './__fixtures__/test-arrays.ts'
import { expectClose, expectError, expectTensor, float, slope, tensorOf } from './__fixtures__/test-tools.ts'
import { type InterpolateOptions, interpolate } from './interpolation.ts'
import { adaptiveAvgPool2d } from './pooling-adaptive.ts'

const row = (...data: number[]): Tensor => float(data, [1, 1, data.length])
const size = fc.integer({ min: 1, max: 7 })

/** Keys' kernel with a = -3/4, as a function of the distance. */
function keys(distance: number): number {
  const [a, d] = [-0.75, Math.abs(distance)]
  if (d <= 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1
  return d < 2 ? a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a : 0
}
const triangle = (distance: number): number => Math.max(0, 1 - Math.abs(distance))

/** Place i of a dim, in the coordinates of the source. */
function source(i: number, n: number, o: number, alignCorners: boolean, cubic: boolean): number {
  if (alignCorners) return o === 1 ? 0 : (i * (n - 1)) / (o - 1)
  const at = ((i + 0.5) * n) / o - 0.5
  return cubic ? at : Math.max(0, at)
}

/** A sum over a neighbourhood of every place, weighted by a kernel, with the border repeated. */
function naiveBlend(x: Dense, outputs: number[], alignCorners: boolean, kernel: (distance: number) => number): Dense {
  const [, , h, w] = x.shape
  const clamp = (at: number, n: number) => Math.min(n - 1, Math.max(0, at))
  return build([x.shape[0], x.shape[1], ...outputs], ([n, c, i, j]) => {
    const y = source(i, h, outputs[0], alignCorners, kernel === keys)
    const z = source(j, w, outputs[1], alignCorners, kernel === keys)
    let sum = 0
    for (let p = Math.floor(y) - 1; p <= Math.floor(y) + 2; p++)
      for (let q = Math.floor(z) - 1; q <= Math.floor(z) + 2; q++)
        sum += kernel(y - p) * kernel(z - q) * read(x, [n, c, clamp(p, h), clamp(q, w)])
    return sum
  })
}

describe('interpolate nearest', () => {
  it('repeats and leaves out', () => {
    expectTensor(interpolate(row(1, 2, 3), { size: 6 }), 'float32', [1, 1, 6], [1, 1, 2, 2, 3, 3])
    expectTensor(interpolate(row(1, 2, 3), { size: [5] }), 'float32', [1, 1, 5], [1, 1, 2, 2, 3])
    expectTensor(row(1, 2, 3, 4).interpolate({ scaleFactor: 0.5 }), 'float32', [1, 1, 2], [1, 3])
    expectTensor(interpolate(row(1, 2, 3, 4), { scaleFactor: [0.8] }), 'float32', [1, 1, 3], [1, 2, 3])
  })

  it('reads element floor(i n / o), over one, two and three dims', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(size, size), { minLength: 1, maxLength: 3 }), pairs => {
        const [sizes, outputs] = [pairs.map(([n]) => n), pairs.map(([, o]) => o)]
        const x = counting([2, 1, ...sizes])
        const expected = build([2, 1, ...outputs], ([n, c, ...at]) =>
          read(x, [n, c, ...at.map((i, d) => Math.floor((i * sizes[d]) / outputs[d]))]),
        )
        expectDense(interpolate(asTensor(x), { size: outputs }), expected)
      }),
    )
  })

  it('keeps every dtype', () => {
    for (const dtype of ['int32', 'uint8', 'int8', 'bool', 'float16'] as const)
      expectTensor(interpolate(tensorOf(dtype, [1, 0], [1, 1, 2]), { size: 3 }), dtype, [1, 1, 3], [1, 1, 0])
  })
})

describe('interpolate along lines', () => {
  it('blends neighbours', () => {
    const linear = (o: number, alignCorners?: boolean) =>
      interpolate(row(0, 4, 8), { size: o, mode: 'linear', alignCorners })
    expectTensor(linear(6), 'float32', [1, 1, 6], [0, 1, 3, 5, 7, 8])
    expectTensor(linear(5, true), 'float32', [1, 1, 5], [0, 2, 4, 6, 8])
    expectTensor(linear(1), 'float32', [1, 1, 1], [4])
    expectTensor(linear(1, true), 'float32', [1, 1, 1], [0])
    expectTensor(linear(3), 'float32', [1, 1, 3], [0, 4, 8])
  })

  for (const [mode, kernel] of [
    ['bilinear', triangle],
    ['bicubic', keys],
  ] as const)
    it(`${mode} equals a sum over the neighbourhood`, () => {
      fc.assert(
        fc.property(fc.tuple(size, size), fc.tuple(size, size), fc.boolean(), (sizes, outputs, alignCorners) => {
          const x = counting([1, 2, ...sizes])
          const expected = naiveBlend(x, outputs, alignCorners, kernel)
          const y = interpolate(asTensor(x), { size: outputs, mode, alignCorners })
          expect(y.shape).toEqual(expected.shape)
          expectClose(y, expected.data, 1e-5, 1e-5)
        }),
      )
    })

  it('keeps a constant', () => {
    for (const mode of ['bilinear', 'bicubic', 'area'] as const)
      expectClose(interpolate(float([3, 3, 3, 3], [1, 1, 2, 2]), { size: 5, mode }), new Array(25).fill(3))
  })

  it('gives float32 of integers and rounds float16 once', () => {
    const of = (dtype: 'uint8' | 'float16', data: number[]) => tensorOf(dtype, data, [1, 1, data.length])
    expectTensor(interpolate(of('uint8', [1, 2]), { size: 1, mode: 'linear' }), 'float32', [1, 1, 1], [1.5])
    expectTensor(
      interpolate(of('float16', [2048, 2050]), { size: 4, mode: 'linear' }),
      'float16',
      [1, 1, 4],
      [...[2048, 2048, 2050, 2050]],
    )
  })
})

describe('interpolate area', () => {
  it('is the adaptive average, in every rank', () => {
    const image = normal(1, [2, 2, 5, 4])
    const pooled = Array.from(adaptiveAvgPool2d(image, [2, 3]).dataSync())
    expectTensor(interpolate(image, { size: [2, 3], mode: 'area' }), 'float32', [2, 2, 2, 3], pooled)
    expectTensor(interpolate(row(1, 2, 6), { size: 2, mode: 'area' }), 'float32', [1, 1, 2], [1.5, 4])
    const volume = asTensor(counting([1, 1, 2, 2, 2]))
    expectTensor(interpolate(volume, { size: 1, mode: 'area' }), 'float32', [1, 1, 1, 1, 1], [4.5])
  })
})

describe('interpolate', () => {
  it('has gradients of both orders', () => {
    const image = normal(2, [1, 2, 3, 4])
    for (const target of [[6, 8], [2, 2], [5, 3], 1])
      for (const mode of ['nearest', 'bilinear', 'bicubic', 'area'] as const)
        gradcheck(t => interpolate(t, { size: target, mode }).pow(3), [image], {
          order: 2,
          maxElements: 12,
          rtol: 1e-3,
          atol: 1e-5,
        })
  })

  it('of nothing', () => {
    for (const mode of ['nearest', 'bilinear', 'bicubic', 'area'] as const) {
      expect(interpolate(float([], [0, 1, 2, 3]), { size: [3, 4], mode }).shape).toEqual([0, 1, 3, 4])
      expect(slope(t => interpolate(t, { size: [3, 4], mode }), float([], [0, 1, 2, 3]))).toEqual([])
      expect(interpolate(float([1, 2], [1, 1, 1, 2]), { scaleFactor: [1, 0.4], mode }).shape).toEqual([1, 1, 1, 0])
      expect(interpolate(float([], [1, 1, 0, 2]), { scaleFactor: 2, mode }).shape).toEqual([1, 1, 0, 4])
    }
  })

  const refuse = (options: unknown, code: 'argument' | 'shape', message: string, x: Tensor = row(1, 2)) =>
    it(message, () => expectError(() => interpolate(x, options as InterpolateOptions), code, message))
  const refuseOption = (options: unknown, message: string) => refuse(options, 'argument', message)

  refuseOption(undefined, 'interpolate: exactly one of size and scaleFactor must be given')
  refuseOption({ size: 1, scaleFactor: 2 }, 'interpolate: exactly one of size and scaleFactor must be given')
  refuseOption({ size: -1 }, 'interpolate: size must be an integer of at least 0 or a list of 1, got -1')
  refuseOption({ size: [1, 2] }, 'interpolate: size must be an integer of at least 0 or a list of 1, got [1, 2]')
  refuseOption({ scaleFactor: 0 }, 'interpolate: scaleFactor must be a positive number or a list of 1, got 0')
  refuseOption({ scaleFactor: [1, 2] }, 'interpolate: scaleFactor must be a positive number or a list of 1, got [1, 2]')
  refuseOption(
    { size: 1, mode: 'cubic' },
    'interpolate: mode must be nearest, area, linear, bilinear or bicubic, got cubic',
  )
  refuseOption(
    { size: 1, alignCorners: true },
    'interpolate: alignCorners needs mode linear, bilinear or bicubic, got nearest',
  )
  refuseOption(
    { size: 1, mode: 'toString' },
    'interpolate: mode must be nearest, area, linear, bilinear or bicubic, got toString',
  )
  refuseOption(3, 'interpolate: options must be an object, got 3')
  refuse({ size: 1, mode: 'bilinear' }, 'shape', 'interpolate: mode bilinear needs rank 4, got shape [1, 1, 2]')
  refuse({ size: 1 }, 'shape', 'interpolate: mode nearest needs rank 3, 4, 5, got shape [2]', float([1, 2]))
  refuse(
    { size: 2 ** 31 },
    'shape',
    'interpolate: a tensor must have fewer than 2^31 elements, got shape [1, 1, 2147483648]',
  )
  refuse({ size: 2 }, 'shape', 'interpolate: cannot resize [0] to [2]', float([], [1, 1, 0]))
})
