import { expect, test } from 'vitest'
import { statusBytes, wordsAt } from '../lowered.ts'
import { compile } from './__fixtures__/function.ts'
import { type BlockPlan, layout, ProductBlock, productAlone, wholeProduct } from './layout.ts'

const block = 4096

/** Runs code that reads a block which holds 100 + i as pointer i, and the words behind those of someone else. */
function read(plan: BlockPlan): number[] {
  const { call, ints } = compile(2, (code, [, to]) => {
    const product = new ProductBlock(code, plan)
    for (const [i, name] of (['a', 'b', 'out', 'workspace'] as const).entries()) {
      code.get(to)
      product.pointer(name).memory('i32.store', i * 4)
    }
    code.get(to)
    product.get('rows').memory('i32.store', 16)
    code.get(to)
    product.list('bLine').memory('i32.load').memory('i32.store', 20)
  })
  ints.set([100, 101, 102, 103, 104, 105], (block + statusBytes) / 4)
  const names = Object.fromEntries(layout.names.map(name => [name, 0])) as Record<(typeof layout.names)[number], number>
  const words = layout.fill(
    { ...names, ...wholeProduct, rows: 7, outPlace: 1000 },
    { aBatch: [], aLine: [], aDepth: [], bBatch: [], bLine: [55], bDepth: [] },
  )
  ints.set(words, (block + wordsAt(plan.buffers, plan.scalars)) / 4 + plan.wordsBefore)
  call(block, 64)
  return [...ints.subarray(16, 22)]
}

test('a product alone finds pointers, numbers and lists in its block', () => {
  expect(read(productAlone)).toEqual([100, 101, 102, 103, 7, 55])
})

test('a product within a larger block finds them behind what else is there, and its result in the workspace', () => {
  const plan = { a: 3, b: 4, out: null, buffers: 5, scalars: 2, wordsBefore: 9 }
  expect(read(plan)).toEqual([103, 104, 1105, 105, 7, 55])
})
