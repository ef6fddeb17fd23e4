import type { Group, Instruction, ProductStep } from '@surprisal/tensor/backend'
import { expect, it } from 'vitest'
import { Params } from '../../wgsl/params.ts'
import { fitsEpilogue, following, storing } from './finish.ts'

const access = { strides: [4, 1], offset: 0 }
const load = (buffer: number): Instruction => ({ kind: 'load', dtype: 'float32', buffer, access })

/** `(product + buffer 1) stored in 2`, and in as many more buffers as asked for. */
function epilogue(stores = 1, others = 1): ProductStep {
  const loads = Array.from({ length: others }, (_, i) => load(i + 1))
  const sums = loads.map(
    (_, i): Instruction => ({
      kind: 'binary',
      dtype: 'float32',
      f: 'add',
      a: i === 0 ? 0 : others + i,
      b: i + 1,
    }),
  )
  const group: Group = {
    kind: 'pointwise',
    space: [3, 4],
    reduced: [],
    buffers: Array(1 + others + stores).fill('float32'),
    instructions: [load(0), ...loads, ...sums],
    scalars: 0,
    stores: Array.from({ length: stores }, (_, k) => ({ value: 2 * others, buffer: 1 + others + k, each: 'element' })),
  }
  return { kind: 'product', makes: [], needs: [], reads: [], product: 0, group, buffers: [], scalars: [] }
}
const sizes = (count: number): number[] => Array(count).fill(12)

it('stores four at once where elements are words and nothing is added', () => {
  expect(storing(2, 'float32', false, true)).toMatchObject({ fours: true })
  expect(storing(2, 'float32', false, true).text).toContain('fn finishFour(i: u32, c: vec4<f32>)')
  expect(storing(2, 'int32', false, true).text).toContain('vec4<i32>')
  expect(storing(2, 'float32', false, false).fours).toBe(false)
  expect(storing(2, 'float32', true, true).fours).toBe(false)
  expect(storing(2, 'float16', false, true).fours).toBe(false)
})

it('adds to what is there only when asked to', () => {
  expect(storing(2, 'float32', true, false).text).toContain('bitcast<f32>(out[i]) + product')
  expect(storing(2, 'int32', true, false).text).toContain('bitcast<i32>(out[i]) + product')
  expect(storing(2, 'float32', false, false).text).not.toContain('+ product')
})

it('shares the words of halves', () => {
  const { binder, text } = storing(2, 'float16', false, false)
  expect(binder.storage).toEqual([{ kind: 'buffer', buffer: 2, clear: true }])
  expect(text).toContain('atomicOr(&out[')
})

it('binds what follows but for the product, which it is given', () => {
  const { binder, text, fours } = following(epilogue(), sizes(3), new Params(), 8, [])
  expect(fours).toBe(false)
  expect(binder.storage).toEqual([
    { kind: 'buffer', buffer: 1, clear: false },
    { kind: 'buffer', buffer: 2, clear: false },
  ])
  expect(text).toContain('fn finish(i: u32, product: f32)')
  expect(text).toContain('let v0 = product;')
  expect(text).not.toContain('b0[')
})

it('leaves two bindings for the operands', () => {
  const { binder } = following(epilogue(1, 9), sizes(11), new Params(), 8, [])
  expect(binder.storage.length).toBeLessThanOrEqual(6)
  expect(binder.storage.some(({ kind }) => kind === 'joined')).toBe(true)
})

it('rounds a product of halves before anything follows', () => {
  const step = epilogue()
  const halves = { ...step, group: { ...step.group, buffers: ['float16', 'float32', 'float32'] as const } }
  expect(following(halves, sizes(3), new Params(), 8, []).text).toContain('let v0 = roundToHalf(product);')
})

it('binds together what leaves room for a joined read, a table and the status', () => {
  expect(fitsEpilogue(epilogue(3), 8)).toBe(true)
  expect(fitsEpilogue(epilogue(4), 8)).toBe(false)
  expect(fitsEpilogue(epilogue(4), 10)).toBe(true)
})
