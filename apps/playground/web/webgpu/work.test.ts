import { tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { works } from './work.ts'

describe('works', () => {
  it.each(Object.entries(works))('%s begins with sizes that it offers, in order', (_, { sizes, startSize }) => {
    expect(sizes).toContain(startSize.gpu)
    expect(sizes).toContain(startSize.software)
    expect([...sizes].sort((a, b) => a - b)).toEqual(sizes)
  })

  it('multiplies matrices', async () => {
    const { compute, shape, count } = works.matmul
    const product = compute(
      tensor([
        [1, 2],
        [3, 4],
      ]),
      tensor([[5], [6]]),
    )
    expect([...(await product.data())]).toEqual([17, 39])
    expect(shape(3)).toEqual([3, 3])
    expect(count(10)).toBe(2000)
  })

  it('computes the chain that its description names', async () => {
    const { compute, shape, count } = works.chain
    const x = [0, 1, -2, 3.5]
    const y = [1, -1, 0.5, 2]
    const expected = x.map((a, i) => {
      const z = a * y[i] + 0.5
      return (z / (1 + Math.exp(-z))) * a - 0.25 * y[i]
    })
    const values = [...(await compute(tensor(x), tensor(y)).data())]
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 5)
    })
    expect(shape(8)).toEqual([8])
    expect(count(8)).toBe(96)
  })
})
