import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectTensor, float, numbers, tensorOf } from '../__fixtures__/test-tools.ts'
import { productOfOthers } from './scatter.ts'

describe('productOfOthers', () => {
  it('multiplies what shares a target, itself left out, zeros included', () => {
    const entry = fc.record({ target: fc.nat(3), value: fc.integer({ min: -2, max: 2 }) })
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 12 }), list => {
        const expected = list.map(({ target }, i) =>
          list.reduce((product, other, j) => (j !== i && other.target === target ? product * other.value : product), 1),
        )
        const index = tensorOf(
          'int32',
          list.map(({ target }) => target),
        )
        const source = float(list.map(({ value }) => value))
        expect(numbers(productOfOthers('test', 0, index, source)).map(x => x + 0)).toEqual(expected.map(x => x + 0))
      }),
    )
  })

  it('works column by column', () => {
    const index = tensorOf('int32', [0, 1, 0, 0, 0, 1], [3, 2])
    const source = float([2, 3, 5, 7, 11, 13], [3, 2])
    expectTensor(productOfOthers('test', 0, index, source), 'float32', [3, 2], [55, 13, 22, 1, 10, 3])
  })
})
