import { describe, expect, it } from 'vitest'
import { explain, gradients, normal, randomKey, realize, type Tensor } from '../index.ts'

const leaf = (shape: readonly number[], seed: number): Tensor => {
  const x = normal(randomKey(seed), shape)
  x.dataSync()
  return x
}
const kinds = (...targets: Tensor[]) => explain(...targets).groups.map(({ kind }) => kind)
const [x, w] = [leaf([12, 8], 1), leaf([10, 8], 2)]

describe('a product that is only read transposed', () => {
  it('is computed transposed: the gradient of a weight needs no copy', () => {
    const loss = x.linear(w).square().sum()
    const [grad] = gradients(loss, [w])
    expect(kinds(grad).filter(kind => kind === 'contract')).toHaveLength(2)
    expect(kinds(grad).at(-1)).toBe('contract')
  })

  it('has the same bits', async () => {
    const product = x.matmul(w.transpose(0, 1))
    const transposed = x.matmul(w.transpose(0, 1)).transpose(0, 1)
    const part = x
      .matmul(w.transpose(0, 1))
      .transpose(0, 1)
      .slice(0, { start: 2, end: 7 })
      .slice(1, { start: 3, end: 11 })
    await realize(product)
    const expected = await product.data()
    const at = (i: number, j: number) => expected[j * 10 + i]
    expect(Array.from(await transposed.data())).toEqual(
      Array.from({ length: 120 }, (_, k) => at(Math.floor(k / 12), k % 12)),
    )
    expect(Array.from(await part.data())).toEqual(
      Array.from({ length: 40 }, (_, k) => at(2 + Math.floor(k / 8), 3 + (k % 8))),
    )
  })

  it('in batches and split into dims has them as well', async () => {
    const [a, b] = [leaf([3, 6, 7], 3), leaf([3, 7, 10], 4)]
    const plain = a.matmul(b)
    const turned = a.matmul(b).reshape([3, 6, 2, 5]).permute([0, 2, 3, 1]).add(0)
    await realize(plain)
    const expected = await plain.data()
    const got = await turned.data()
    for (let n = 0; n < 3; n++)
      for (let j = 0; j < 10; j++)
        for (let i = 0; i < 6; i++) expect(got[(n * 10 + j) * 6 + i]).toBe(expected[(n * 6 + i) * 10 + j])
  })

  it('is left as it is where somebody reads it straight', () => {
    const product = x.matmul(w.transpose(0, 1))
    expect(kinds(product, product.transpose(0, 1))).toEqual(['contract', 'pointwise'])
  })
})
