import { type DType, hostArray } from '@surprisal/tensor/backend'
import { expect, it } from 'vitest'
import { describeGpu } from '../../__fixtures__/gpu.ts'
import { floats, runKernels } from '../../__fixtures__/run-kernels.ts'
import { withRuntime } from '../../__fixtures__/with-runtime.ts'
import { packElements } from '../../wgsl/elements-of-host.ts'
import { Params } from '../../wgsl/params.ts'
import { Binder } from '../binder.ts'
import { elementKernel } from '../element-kernel.ts'
import { fetchOf, operandText, sumType } from './operand.ts'
import type { ProductOperand } from './product.ts'

type Sizes = readonly (readonly [size: number, stride: number])[]
const operand = (
  line: Sizes,
  depth: Sizes,
  rest: { batch?: Sizes; offset?: number; dtype?: DType } = {},
): ProductOperand => {
  const { batch = [], offset = 0, dtype = 'float32' } = rest
  const dims = (sizes: Sizes) => sizes.map(([size, stride]) => ({ size, stride }))
  return { dtype, buffer: 0, access: { offset, batch: dims(batch), line: dims(line), depth: dims(depth) } }
}

it('fetches four lines where they are neighbours in aligned vectors', () => {
  expect(fetchOf(operand([[8, 1]], [[5, 8]]), true)).toBe('lines')
  expect(fetchOf(operand([[8, 1]], [[5, 12]], { batch: [[3, 60]], offset: 4 }), true)).toBe('lines')
  expect(
    fetchOf(
      operand(
        [
          [2, 8],
          [4, 1],
        ],
        [[5, 16]],
      ),
      true,
    ),
  ).toBe('lines')
})

it('fetches four steps of depth where those are', () => {
  expect(fetchOf(operand([[5, 8]], [[8, 1]]), true)).toBe('depths')
  expect(fetchOf(operand([[5, 8]], [[8, 1]], { dtype: 'int8' }), true)).toBe('depths')
})

it('fetches one by one, along what is contiguous, where vectors would be cut', () => {
  expect(fetchOf(operand([[7, 1]], [[5, 7]]), true)).toBe('line')
  expect(fetchOf(operand([[8, 1]], [[5, 9]]), true)).toBe('line')
  expect(fetchOf(operand([[8, 1]], [[5, 8]], { offset: 2 }), true)).toBe('line')
  expect(fetchOf(operand([[8, 1]], [[5, 8]], { batch: [[2, 42]] }), true)).toBe('line')
  expect(fetchOf(operand([[8, 1]], [[5, 8]]), false)).toBe('line')
  expect(fetchOf(operand([[5, 7]], [[7, 1]]), true)).toBe('depth')
  expect(fetchOf(operand([[5, 2]], [[7, 10]]), true)).toBe('line')
})

it('takes no vectors of what is empty', () => {
  expect(fetchOf(operand([[8, 1]], [[0, 8]]), true)).toBe('line')
  expect(fetchOf(operand([[0, 8]], [[8, 1]]), true)).toBe('depth')
})

it('sums integers as such', () => {
  expect((['float32', 'float16', 'int32', 'uint8', 'int8', 'bool'] as const).map(sumType)).toEqual([
    'f32',
    'f32',
    'i32',
    'i32',
    'i32',
    'i32',
  ])
})

describeGpu('the functions of an operand', () => {
  const runtime = withRuntime()

  it.each(['float32', 'float16', 'int8', 'bool'] as const)('find elements of %s', async dtype => {
    const x = operand(
      [
        [2, 3],
        [3, -1],
      ],
      [
        [2, 6],
        [2, 12],
      ],
      { batch: [[2, 0]], offset: 2, dtype },
    )
    const params = new Params()
    const binder = new Binder()
    const text = operandText(params, binder, 'x', x, false)
    const out = binder.write(1, 'out')
    // Numbers are batch, line and depth, row by row.
    const body = ['let at = xBatch(i / 24u) + xLine(i / 4u % 6u) + xDepth(i % 4u);', 'let value = f32(xAt(at));']
    const kernel = elementKernel({ params, binder, out, dtype: 'float32', size: 48, body, declarations: text })
    const data = Array.from({ length: 24 }, (_, i) => (dtype === 'bool' ? Number(i % 5 === 0) : i))
    const expected = Array.from({ length: 48 }, (_, i) => {
      const [line, depth] = [Math.floor(i / 4) % 6, i % 4]
      return data[2 + Math.floor(line / 3) * 3 - (line % 3) + Math.floor(depth / 2) * 6 + (depth % 2) * 12]
    })
    const bytes = packElements(dtype, Float32Array.from(data))
    expect(floats(await runKernels(runtime(), [kernel], [bytes], 4 * 48))).toEqual(expected)
  })

  it.each(['float32', 'float16', 'int32', 'uint8', 'int8', 'bool'] as const)('load four of %s at once', async dtype => {
    const params = new Params()
    const binder = new Binder()
    const text = operandText(params, binder, 'x', operand([[8, 1]], [[2, 8]], { dtype }), true)
    const out = binder.write(1, 'out')
    const body = ['let value = f32(xAt(xLine(4u) + xDepth(i / 4u))[i % 4u]);']
    const kernel = elementKernel({ params, binder, out, dtype: 'float32', size: 8, body, declarations: text })
    const data = hostArray(dtype, 16)
    data.set(Array.from(data, (_, i) => (dtype === 'bool' ? Number(i % 3 === 0) : i)))
    const bytes = packElements(dtype, data)
    expect(floats(await runKernels(runtime(), [kernel], [bytes], 32))).toEqual(
      [4, 5, 6, 7, 12, 13, 14, 15].map(i => data[i]),
    )
  })
})
