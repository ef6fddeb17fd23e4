import {
  arange,
  cast,
  type DType,
  div,
  gather,
  linspace,
  normal,
  randomBits,
  randomKey,
  type Tensor,
  tensor,
  uniform,
  where,
} from '@surprisal/tensor'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { expectAgreement } from '../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../__fixtures__/gpu.ts'
import { withRuntime } from '../__fixtures__/with-runtime.ts'

const dtypes: DType[] = ['float32', 'float16', 'int32', 'uint8', 'int8', 'bool']
const numbers = (n: number, seed = 1): number[] =>
  Array.from({ length: n }, (_, i) => Math.round(200 * Math.sin((i + seed) * 12.9898)) / 2)
const sample = (dtype: DType, shape: readonly number[], seed = 1): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1)
  return cast(tensor(numbers(size, seed), { shape: [...shape] }), dtype)
}

describeGpu('pointwise kernels', () => {
  const runtime = withRuntime()

  it.each([0, 1, 3, 63, 64, 65, 1000])('compute %i elements', async n => {
    await expectAgreement(runtime(), () => [
      sample('float32', [n])
        .mul(sample('float32', [n], 7))
        .add(0.25),
    ])
  })

  it.each(dtypes)('move %s, of which several share a word', async dtype => {
    for (const n of [1, 2, 3, 4, 5, 7, 9, 131]) {
      const run = await expectAgreement(runtime(), () => {
        const x = sample(dtype, [2, n])
        return [
          x.flip([0, 1]),
          x.transpose(0, 1).reshape([2 * n]),
          x.slice(1, { start: 0, step: 2 }),
          x.expand([3, 2, n]),
        ]
      })
      expect(run.kernels.length).toBeGreaterThan(0)
    }
  })

  it.each(dtypes)('cast %s to every dtype', async from => {
    const values = [
      0, 1, -1, 0.5, -0.5, 1.5, 100, -100, 127.9, 200, -129, 255, 256, 300, 70000, 1e-5, 6e-8, 3e9, -3e9, 65519, 65520,
    ]
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    await expectAgreement(runtime(), () => {
      const x = cast(tensor(from === 'float32' ? [...values, ...odd] : values), from)
      return dtypes.map(to => cast(x.flip([0]), to))
    })
  })

  it('read any strides over any rank', async () => {
    const dim = fc.integer({ min: 1, max: 5 })
    await fc.assert(
      fc.asyncProperty(fc.array(dim, { minLength: 1, maxLength: 4 }), fc.integer(), async (shape, seed) => {
        await expectAgreement(runtime(), () => {
          const x = sample('float32', shape, seed % 100)
          const backwards = shape.map((_, d) => shape.length - 1 - d)
          const y = sample('int8', [...shape].reverse(), 3).permute(backwards)
          return [x.sub(y), x.greater(y.flip([0])), x.slice(0, { start: shape[0] - 1 }).mul(y)]
        })
      }),
      { numRuns: 25, seed: 4 },
    )
  })

  it('choose', async () => {
    await expectAgreement(runtime(), () => {
      const x = sample('float32', [7])
      return [
        where(x.greater(0), x, Number.NaN),
        where(x.greater(0), 2, sample('uint8', [7])),
        x.maskedFill(x.less(1), -1 / 0),
      ]
    })
  })

  it('multiply by zero and divide by themselves as numbers demand', async () => {
    await expectAgreement(runtime(), () => {
      const x = tensor([0, 1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      return [x.mul(0), tensor(0).div(x), x.sub(x), x.div(x), x.mul(0).add(1), x.sub(0).mul(0).maximum(0)]
    })
  })

  it.each(['float32', 'int32', 'bool'] as const)(
    'divide a zero by %s, which makes it one of that dtype first',
    async dtype => {
      await expectAgreement(runtime(), () => [div(0, cast(tensor([0, 1]), dtype))])
    },
  )

  it('count', async () => {
    await expectAgreement(runtime(), () => [
      arange(5, 300, 7).flip([0]),
      arange(-3, 3, 1).reshape([2, 3]).transpose(0, 1),
    ])
    await expectAgreement(runtime(), () => [linspace(-1, 1, 101).add(0), arange(0, 500, 0.1)], {
      tolerance: 1e-6,
      absolute: 1e-6,
    })
  })

  it('draw the same random numbers as every other backend, bit for bit', async () => {
    const key = randomKey(2 ** 40 + 12345)
    await expectAgreement(runtime(), () => [
      randomBits(key, [1000]),
      uniform(key, [33, 7], { min: -3, max: 5 }),
      normal(key, [20_000]),
      normal(key, [5]).mul(0.5),
      uniform(key, [64]).less(0.3),
    ])
  })

  it('look up, and give NaN or 0 for an index out of range', async () => {
    await expectAgreement(runtime(), () => {
      const x = sample('float32', [4, 5])
      return [
        gather(
          x,
          1,
          tensor(
            [
              [4, 0],
              [1, 1],
              [2, 3],
              [0, 4],
            ],
            { dtype: 'int32' },
          ),
        ).mul(2),
      ]
    })
  })

  it.each([8, 9])('serve other sizes and numbers than %i with the same code', async n => {
    const make = (n: number, factor: number) => () => [sample('float32', [n]).mul(factor).tanh()]
    const first = await expectAgreement(runtime(), make(n, 0.3), { tolerance: 1e-6 })
    const second = await expectAgreement(runtime(), make(n * 101, 0.7), { tolerance: 1e-6 })
    expect(second.kernels.map(({ wgsl }) => wgsl)).toEqual(first.kernels.map(({ wgsl }) => wgsl))
  })

  it('spread over more workgroups than a dimension has', async () => {
    const { kernels } = await expectAgreement(runtime(), () => [
      tensor([3], { dtype: 'uint8' })
        .expand([64 * 4 * 65_600])
        .add(1),
    ])
    expect(kernels[0].groups).toBeGreaterThan(65_535)
  })
})
