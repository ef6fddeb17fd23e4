import { contiguousStrides, sizeOf } from '@surprisal/tensor/backend'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeGpu } from '../__fixtures__/gpu.ts'
import { ints, runKernels } from '../__fixtures__/run-kernels.ts'
import { withRuntime } from '../__fixtures__/with-runtime.ts'
import { Params } from '../wgsl/params.ts'
import { Binder } from './binder.ts'
import { elementKernel } from './element-kernel.ts'
import { Walk } from './walk.ts'

describeGpu('a walk', () => {
  const runtime = withRuntime()

  /** What an expression of a walk gives for each number. */
  const valuesOf = async (shape: number[], text: (params: Params) => { walk: Walk; expression: string }) => {
    const params = new Params()
    const binder = new Binder()
    const out = binder.write(0, 'out')
    const { walk, expression } = text(params)
    const size = sizeOf(shape)
    const body = [...walk.coordinates('i'), `let value = i32(${expression});`]
    return ints(
      await runKernels(runtime(), [elementKernel({ params, binder, out, dtype: 'int32', size, body })], [], 4 * size),
    )
  }
  const positions = (shape: number[]): number[][] => {
    const units = contiguousStrides(shape)
    return Array.from({ length: sizeOf(shape) }, (_, i) => shape.map((size, d) => Math.floor(i / units[d]) % size))
  }

  it('finds where accesses stand, over any shape', async () => {
    const dim = fc.record({ size: fc.integer({ min: 1, max: 4 }), stride: fc.integer({ min: -3, max: 20 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(dim, { maxLength: 4 }), fc.integer({ min: 0, max: 9 }), async (dims, offset) => {
        const shape = dims.map(({ size }) => size)
        const access = { strides: dims.map(({ stride }) => stride), offset }
        const got = await valuesOf(shape, params => {
          const walk = new Walk(params, shape, [access])
          return { walk, expression: walk.index(access) }
        })
        const at = (position: number[]): number => position.reduce((sum, c, d) => sum + c * access.strides[d], offset)
        expect(got).toEqual(positions(shape).map(at))
      }),
      { numRuns: 15, seed: 1 },
    )
  })

  it.each([0, 1, 2])('gives the coordinate along dim %i', async dim => {
    for (const shape of [
      [3, 4, 2],
      [1, 5, 1],
    ]) {
      const dense = { strides: contiguousStrides(shape), offset: 0 }
      const got = await valuesOf(shape, params => {
        const walk = new Walk(params, shape, [dense], [dim])
        return { walk, expression: walk.coordinate(dim) }
      })
      expect(got).toEqual(positions(shape).map(position => position[dim]))
    }
  })

  it('tells a coordinate from an access with its strides', async () => {
    const access = { strides: [0, 1], offset: 5 }
    const got = await valuesOf([2, 3], params => {
      const walk = new Walk(params, [2, 3], [access], [1])
      return { walk, expression: `${walk.coordinate(1)} * 10u + ${walk.index(access)}` }
    })
    expect(got).toEqual([5, 16, 27, 5, 16, 27])
  })
})
