import {
  arange,
  cast,
  type DType,
  gather,
  randomBits,
  randomKey,
  type Tensor,
  tensor,
  uniform,
  where,
} from '@surprisal/tensor'
import type { Group } from '@surprisal/tensor/backend'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectAgreement } from '../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../__fixtures__/gpu.ts'
import { everyDType, sample } from '../__fixtures__/sample.ts'
import { withRuntime } from '../__fixtures__/with-runtime.ts'
import { comesInFours } from './fours.ts'
import type { GroupKernel } from './group-kernel.ts'

const inFours = ({ wgsl }: GroupKernel): boolean => wgsl.includes('unit * 4u >= p[0].x')

describe('a group comes in fours', () => {
  const group = (space: readonly number[], ...accesses: [strides: number[], offset: number][]): Group => ({
    kind: 'pointwise',
    space,
    reduced: [],
    buffers: [...accesses.map(() => 'float32' as const), 'float32'],
    instructions: accesses.map(([strides, offset], buffer) => ({
      kind: 'load',
      dtype: 'float32',
      buffer,
      access: { strides, offset },
    })),
    scalars: 0,
    stores: [{ value: 0, buffer: accesses.length, each: 'element' }],
  })

  it('where it has them side by side, on a boundary, or one for all', () => {
    expect(comesInFours(group([8], [[1], 0]))).toBe(true)
    expect(comesInFours(group([8], [[1], 4]))).toBe(true)
    expect(comesInFours(group([3, 4], [[4, 1], 0], [[0, 1], 8], [[1, 0], 3]))).toBe(true)
    expect(comesInFours(group([3, 4], [[12, 1], 0]))).toBe(true)
    expect(comesInFours(group([2, 6], [[6, 1], 0]))).toBe(true)
  })

  it('and nowhere else', () => {
    expect(comesInFours(group([6], [[1], 0]))).toBe(false)
    expect(comesInFours(group([8], [[1], 2]))).toBe(false)
    expect(comesInFours(group([8], [[2], 0]))).toBe(false)
    expect(comesInFours(group([8], [[-1], 7]))).toBe(false)
    expect(comesInFours(group([3, 4], [[5, 1], 0]))).toBe(false)
    expect(comesInFours(group([4, 4], [[1, 4], 0]))).toBe(false)
    expect(comesInFours(group([8], [[1], 0], [[2], 0]))).toBe(false)
    expect(comesInFours(group([1], [[0], 0]))).toBe(false)
  })
})

describeGpu('kernels of fours', () => {
  const runtime = withRuntime()

  /** Compares with plain loops, and sees to it that all kernels are of the kind that is asked for. */
  const expectFours = async (make: () => Tensor[], wanted = true): Promise<GroupKernel[]> => {
    const { kernels } = await expectAgreement(runtime(), make)
    expect(kernels.map(inFours)).toEqual(kernels.map(() => wanted))
    return kernels
  }

  it.each(everyDType)('of %s', async dtype => {
    for (const n of [4, 12, 256, 260])
      await expectFours(() => {
        const x = sample(dtype, [n])
        return [x.equal(sample(dtype, [n], 2)), where(x.greater(1), x, sample(dtype, [n], 3))]
      })
  })

  it('of several dtypes at once, each in its own words', async () => {
    const data = (dtype: DType): Tensor => tensor([1, 0, 1, 1, 0, 0, 1, 0], { dtype })
    const [kernel] = await expectFours(() => {
      const sum = data('float32').add(data('int8')).add(data('float16')).add(data('bool'))
      return [sum, cast(sum, 'float16'), cast(sum, 'uint8')]
    })
    const elements = [...kernel.wgsl.matchAll(/var<storage, \w+> b\d+: array<(.+)>;/g)].map(([, element]) => element)
    expect([...new Set(elements)].sort()).toEqual(['u32', 'vec2<u32>', 'vec4<u32>'])
  })

  it('with views that keep to boundaries, and with what is one for a row', async () => {
    await expectFours(() => {
      const x = sample('float32', [5, 12])
      const part = x.slice(1, { start: 4, end: 12 })
      return [
        part.mul(sample('float32', [8], 2)),
        part.sub(sample('int8', [5, 1], 3)),
        part.add(x.slice(1, { end: 1 })),
      ]
    })
  })

  it.each(everyDType)('but not with views of %s that do not', async dtype => {
    await expectFours(() => {
      const x = sample(dtype, [6, 13])
      return [
        where(x.slice(1, { start: 1, end: 9 }).greater(0), 1, 2),
        where(x.flip([1]).slice(1, { start: 1 }).greater(0), 1, 2),
      ]
    }, false)
  })

  it('whatever the operands lie like', async () => {
    const cut = fc.record({ start: fc.integer({ min: 0, max: 5 }), size: fc.integer({ min: 1, max: 12 }) })
    const rows = fc.integer({ min: 1, max: 4 })
    const dtypes = fc.constantFrom<DType>(...everyDType)
    const seen = new Set<boolean>()
    await fc.assert(
      fc.asyncProperty(rows, cut, fc.constantFrom(0, 3, 4), dtypes, dtypes, async (n, { start, size }, more, a, b) => {
        const end = start + size
        const { kernels } = await expectAgreement(runtime(), () => {
          const x = sample(a, [n, end + more]).slice(1, { start, end })
          const y = sample(b, [n, size], 2)
          return [where(x.less(y), y, sample('float32', [size], 3)), where(y.greater(x), 1, x)]
        })
        for (const kernel of kernels) seen.add(inFours(kernel))
      }),
      { numRuns: 30, seed: 8 },
    )
    expect(seen.size).toBe(2)
  })

  it('that count, draw and look up', async () => {
    await expectFours(() => [
      arange(5, 5 + 7 * 24, 7)
        .reshape([3, 8])
        .add(sample('int32', [8])),
      randomBits(randomKey(3), [3, 8]),
      uniform(randomKey(4), [36]).less(0.4),
      gather(
        sample('float32', [3, 9]),
        1,
        tensor([8, 0, 3, 1, 2, 2, 7, 5, 4, 6, 0, 8], { shape: [3, 4], dtype: 'int32' }),
      ),
    ])
  })

  it('of a buffer that is read in two ways', async () => {
    await expectFours(() => {
      const x = sample('float32', [4, 8])
      return [x.sub(x.slice(1, { end: 1 }))]
    })
  })
})

describeGpu('kernels of fours on a device with the least limits', () => {
  const runtime = withRuntime({ limits: 'minimum', features: [] })

  it('read operands that stand in one buffer', async () => {
    const { kernels } = await expectAgreement(runtime(), () => [
      Array.from({ length: 11 }, (_, i) => sample(i % 2 ? 'float32' : 'int8', [40], i)).reduce((a, b) => a.add(b)),
    ])
    expect(kernels.map(inFours)).toEqual([true])
    expect(kernels[0].storage.some(({ kind }) => kind === 'joined')).toBe(true)
  })
})
