import { afterEach, describe, expect, it } from 'vitest'
import { explain, gradients, normal, randomKey, realize, setExecutor, setThreads, type Tensor } from '../index.ts'
import { registerReference } from '../reference.ts'

const leaf = (shape: readonly number[], seed: number): Tensor => {
  const x = normal(randomKey(seed), shape)
  x.dataSync()
  return x
}
const kinds = (...targets: Tensor[]) => explain(...targets).groups.map(({ kind }) => kind)

const [rows, width, columns] = [37, 21, 45]
const x = leaf([rows, width], 1)
const w = leaf([columns, width], 2)
const bias = leaf([columns], 3)
const residual = leaf([rows, columns], 4)

registerReference()
afterEach(() => {
  setExecutor('wasm')
  setThreads(1)
})

describe('elementwise work behind a product', () => {
  it.each([
    ['a bias', () => x.linear(w, bias)],
    ['a bias and an activation', () => x.linear(w, bias).gelu()],
    ['a residual and a scale', () => x.linear(w).mul(0.3).add(residual)],
    ['a cast', () => x.linear(w).cast('float16')],
  ])('is part of its kernel: %s', (_, build) => {
    expect(kinds(build())).toEqual(['contract'])
  })

  it('has the bits of the product and the work apart', async () => {
    const product = x.linear(w)
    await realize(product)
    const apart = product.add(bias).gelu().mul(residual)
    const together = x.linear(w).add(bias).gelu().mul(residual)
    expect(kinds(together)).toEqual(['contract'])
    expect(await together.data()).toEqual(await apart.data())
  })

  it('has the same bits on several threads', async () => {
    const build = () =>
      leaf([300, 200], 5)
        .linear(leaf([310, 200], 6), leaf([310], 7))
        .gelu()
    const one = await build().data()
    setThreads(3, { eager: true })
    expect(await build().data()).toEqual(one)
  })

  it('stores what is needed on the way as well: the value before an activation, for its gradient', () => {
    const loss = x.linear(w, bias).gelu().sum()
    const steps = explain(...gradients(loss, [w])).groups
    expect(steps.filter(({ kind }) => kind === 'pointwise')).toHaveLength(0)
  })

  it('is a kernel of its own where the product is read by others, is asked for, or is read in another order', () => {
    const product = x.linear(w)
    expect(kinds(product, product.relu())).toEqual(['contract', 'pointwise'])
    expect(
      kinds(
        leaf([columns, columns], 8)
          .linear(leaf([columns, columns], 9))
          .transpose(0, 1)
          .add(0.3),
      ),
    ).toHaveLength(1)
    expect(kinds(x.linear(w).transpose(0, 1).add(x.linear(w).transpose(0, 1).exp()))).toHaveLength(1)
    expect(kinds(x.linear(w).add(x.linear(w).flip(0)))).toEqual(['contract', 'pointwise'])
  })

  it('does not wait for what it has made itself', async () => {
    const square = leaf([24, 24], 10)
    const scaled = square.mul(0.3)
    const product = scaled.matmul(square)
    const build = () => [scaled, product.add(scaled)]
    const results = build()
    await realize(results)
    const got = await Promise.all(results.map(result => result.data()))
    setExecutor('reference')
    const expected = square.mul(0.3).matmul(square).add(square.mul(0.3))
    const list = await expected.data()
    got[1].forEach((value, i) => {
      expect(value).toBeCloseTo(list[i], 4)
    })
  })

  it('names a class that is out of range', () => {
    const ids = leaf([rows], 11).mul(0).add(99).cast('int32')
    const picked = residual.gather(1, ids.unsqueeze(1)).broadcastTo([rows, columns])
    expect(() => x.linear(w).add(picked).dataSync()).toThrow(/gather: index 99 is out of range/)
  })
})
