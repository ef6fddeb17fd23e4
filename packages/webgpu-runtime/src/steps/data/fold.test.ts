import { avgPool2d, conv2d, gradients, pad, sum, type Tensor, unfold } from '@surprisal/tensor'
import { contiguousStrides, sizeOf } from '@surprisal/tensor/backend'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { expectAgreement } from '../../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../../__fixtures__/gpu.ts'
import { floats, ints, runKernels } from '../../__fixtures__/run-kernels.ts'
import { sample } from '../../__fixtures__/sample.ts'
import { withRuntime } from '../../__fixtures__/with-runtime.ts'
import { lowerFold } from './fold.ts'

/** The gradient of a weighted sum of what `f` makes of x. */
const through = (f: (x: Tensor) => Tensor, shape: number[]): Tensor => {
  const x = sample('float32', shape)
  const y = f(x)
  const [dx] = gradients(sum(y.mul(sample('float32', [...y.shape], 3))), [x])
  return dx
}

describeGpu('the adjoints of views', () => {
  const runtime = withRuntime()
  const cases: [string, (x: Tensor) => Tensor, number[]][] = [
    ['slices', x => x.slice(0, { start: 1, step: 3 }), [11, 4]],
    ['flipped slices', x => x.slice(1, { start: 2 }).flip([1, 0]), [3, 7]],
    ['overlapping windows', x => unfold(x, 1, 4, 2), [3, 14]],
    ['windows with gaps', x => unfold(x, 0, 2, 3), [13]],
    ['crops', x => pad(x, [-1, 2, -2, 0]), [5, 6]],
    ['padded windows', x => unfold(pad(x, [2, 2]), 0, 3, 1), [9]],
    ['windows of images', x => avgPool2d(x, 3, { stride: 2 }), [1, 2, 9, 9]],
    ['convolutions', x => conv2d(x, sample('float32', [3, 2, 3, 3], 5), { padding: 1, stride: 2 }), [2, 2, 8, 7]],
    ['diagonals', x => x.diagonal(), [5, 6]],
  ]

  it.each(cases)('of %s', async (_, f, shape) => {
    const { plain, kernels } = await expectAgreement(runtime(), () => [through(f, shape)], {
      tolerance: 1e-5,
      absolute: 1e-3,
    })
    expect(plain).toBe(0)
    expect(kernels.some(({ wgsl }) => wgsl.includes('rest0'))).toBe(true)
  })

  it('go through repeated elements and parts of the view', async () => {
    const plain = (shape: number[], strides: number[]) => ({ shape, strides, offset: 0, guard: null })
    const map = { ...plain([2, 4], [0, 1]), guard: { low: [0, 1], high: [2, 3], fill: 0 } }
    const step = lowerFold({ x: { dtype: 'float32', map: plain([2, 4], [4, 1]) }, map, shape: [4] })
    const got = await runKernels(runtime(), step, [Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8)], 16)
    expect(floats(got)).toEqual([0, 8, 10, 0])
  })

  it('find all places of any view', async () => {
    const dim = fc.record({
      size: fc.integer({ min: 1, max: 4 }),
      stride: fc.integer({ min: -3, max: 6 }),
      low: fc.integer({ min: -1, max: 2 }),
      cut: fc.integer({ min: -1, max: 1 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(dim, { minLength: 1, maxLength: 4 }), fc.boolean(), async (dims, isGuarded) => {
        const shape = dims.map(({ size }) => size)
        const strides = dims.map(({ stride }) => stride)
        const low = dims.map(dim => dim.low)
        const high = dims.map(dim => dim.size - dim.cut)
        const guard = isGuarded ? { low, high, fill: 0 } : null
        const offset = 20
        const x = { dtype: 'int32', map: { shape, strides: contiguousStrides(shape), offset: 0, guard: null } } as const
        const count = sizeOf(shape)
        const data = Int32Array.from({ length: count }, (_, i) => i + 1)
        const expected = new Int32Array(100)
        for (let i = 0; i < count; i++) {
          const position = x.map.strides.map((unit, d) => Math.floor(i / unit) % shape[d])
          if (isGuarded && position.some((c, d) => c < low[d] || c >= high[d])) continue
          expected[position.reduce((at, c, d) => at + c * strides[d], offset)] += data[i]
        }
        const step = lowerFold({ x, map: { shape, strides, offset, guard }, shape: [100] })
        expect(ints(await runKernels(runtime(), step, [data], 400))).toEqual([...expected])
      }),
      { numRuns: 25, seed: 8 },
    )
  })

  it('have no kernel where there is no element', () => {
    const map = { shape: [0], strides: [1], offset: 0, guard: null }
    expect(lowerFold({ x: { dtype: 'float32', map }, map, shape: [0] }).kernels).toEqual([])
  })
})
