import { tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { bitsOf } from './bits.ts'

describe('bitsOf', () => {
  it('is equal for equal numbers, whatever holds them up', async () => {
    const value = () => ({ a: tensor([1, 2]), b: [Promise.resolve(3), null] })
    expect(await bitsOf(value())).toMatch(/^[0-9a-f]{16}$/)
    expect(await bitsOf(value())).toBe(await bitsOf(Promise.resolve(value())))
    expect(await bitsOf(tensor([1, 2]).add(1))).toBe(await bitsOf(tensor([2, 3])))
  })

  it.each([
    ['the last bit', tensor([1]), tensor([1 + 2 ** -23])],
    ['the sign of zero', tensor([0]), tensor([-0])],
    ['the sign of a zero that is no tensor', 0, -0],
    ['dtype', tensor([0]), tensor([0], { dtype: 'int32' })],
    ['shape', tensor([[1, 2]]), tensor([1, 2])],
    ['the name of a field', { a: 1 }, { b: 1 }],
    ['order', [1, 2], [2, 1]],
    ['type', 1, '1'],
    ['an element of an array', new Float32Array([1, 2]), new Float32Array([1, 3])],
  ])('sees %s', async (_, a, b) => {
    expect(await bitsOf(a)).not.toBe(await bitsOf(b))
  })

  it('takes one NaN for another', async () => {
    const patterns = new Uint32Array([0x7fc00000, 0xffc00001])
    const [a, b] = [0, 1].map(i => new Float32Array(patterns.buffer, 4 * i, 1))
    expect(await bitsOf(a)).toBe(await bitsOf(b))
    expect(await bitsOf(a)).not.toBe(await bitsOf(new Float32Array([Number.POSITIVE_INFINITY])))
  })

  it('reads only its part of a buffer', async () => {
    const numbers = new Int32Array([1, 2, 3])
    expect(await bitsOf(numbers.subarray(1))).toBe(await bitsOf(new Int32Array([2, 3])))
  })
})
