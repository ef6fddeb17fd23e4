import { arange, normal, type Tensor, tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { applyRotaryEmbedding, type RotaryOptions } from './rotary-embedding.ts'
import { sinusoidalPositions } from './sinusoidal-positions.ts'

const x = normal(1, [2, 3, 4, 8])
const positions = arange(4)
const values = async (t: Tensor): Promise<number[]> => [...(await t.data())]
const expectClose = async (a: Tensor, b: Tensor): Promise<void> => {
  const wanted = await values(b)
  ;(await values(a)).forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i], 4)
  })
}

describe('applyRotaryEmbedding', () => {
  it.each(['half', 'interleaved'] as const)('turns pairs, %s: lengths stay, position 0 stays', async layout => {
    const turned = applyRotaryEmbedding(x, positions, { layout })
    await expectClose(turned.square().sum({ dim: -1 }), x.square().sum({ dim: -1 }))
    await expectClose(turned.narrow(2, 0, 1), x.narrow(2, 0, 1))
  })

  it('makes products depend on the distance alone', async () => {
    const [q, k] = [normal(2, [1, 8]), normal(3, [1, 8])]
    const product = (a: number, b: number) => {
      const at = (y: Tensor, place: number) => applyRotaryEmbedding(y, tensor([place], { dtype: 'int32' }))
      return at(q, a).mul(at(k, b)).sum()
    }
    await expectClose(product(5, 2), product(13, 10))
  })

  it('is the same turn in both layouts', async () => {
    const order = tensor([0, 2, 4, 6, 1, 3, 5, 7], { dtype: 'int32' })
    const interleaved = applyRotaryEmbedding(x, positions, { layout: 'interleaved' }).indexSelect(-1, order)
    await expectClose(interleaved, applyRotaryEmbedding(x.indexSelect(-1, order), positions))
  })

  it('lets the features behind rotaryDim pass', async () => {
    const turned = applyRotaryEmbedding(x, positions, { rotaryDim: 4 })
    await expectClose(turned.narrow(-1, 4, 4), x.narrow(-1, 4, 4))
    await expectClose(turned.narrow(-1, 0, 4), applyRotaryEmbedding(x.narrow(-1, 0, 4), positions))
  })

  it('is stretched: linear divides positions, ntk raises the base', async () => {
    const linear = applyRotaryEmbedding(x, positions.mul(2), { scaling: { type: 'linear', factor: 2 } })
    await expectClose(linear, applyRotaryEmbedding(x, positions))
    const ntk = applyRotaryEmbedding(x, positions, { scaling: { type: 'ntk', factor: 3 } })
    await expectClose(ntk, applyRotaryEmbedding(x, positions, { base: 10_000 * 3 ** (8 / 6) }))
  })

  it('takes positions of each row', async () => {
    const rows = tensor(
      [
        [0, 1, 2, 3],
        [5, 6, 7, 8],
      ],
      { dtype: 'int32' },
    )
    const both = applyRotaryEmbedding(x, rows)
    await expectClose(both.select(0, 1), applyRotaryEmbedding(x.select(0, 1), rows.select(0, 1)))
  })

  it('has the right gradient', () => {
    gradcheck(y => applyRotaryEmbedding(y, positions, { rotaryDim: 6, layout: 'interleaved' }), [normal(4, [4, 8])])
  })

  it.each<[RotaryOptions, string]>([
    [{ rotaryDim: 3 }, 'rotaryDim must be even, got 3'],
    [{ rotaryDim: 10 }, 'rotaryDim must be in 2 to 8, got 10'],
    [{ base: 0 }, 'base must be above 0, got 0'],
    [{ layout: 'other' as never }, 'layout must be half or interleaved, got other'],
    [{ scaling: { type: 'linear', factor: 0 } }, 'scaling.factor must be above 0, got 0'],
  ])('refuses %j', (options, message) => {
    expect(() => applyRotaryEmbedding(x, positions, options)).toThrow(`applyRotaryEmbedding: ${message}`)
  })

  it('refuses positions that do not fit', () => {
    expect(() => applyRotaryEmbedding(x, arange(3))).toThrow('positions must be [4] or [batch, 4], got [3]')
  })
})

describe('sinusoidalPositions', () => {
  it('has sines in even and cosines in odd columns', async () => {
    const table = await values(sinusoidalPositions(3, 4))
    expect(table.slice(0, 4)).toEqual([0, 1, 0, 1])
    ;[Math.sin(2), Math.cos(2), Math.sin(0.02), Math.cos(0.02)].forEach((value, i) => {
      expect(table[8 + i]).toBeCloseTo(value, 5)
    })
  })

  it('lacks the last cosine where the dim is odd', async () => {
    const [even, odd] = [sinusoidalPositions(5, 6), sinusoidalPositions(5, 5, { base: 10_000 ** (5 / 6) })]
    expect(odd.shape).toEqual([5, 5])
    await expectClose(odd, even.narrow(1, 0, 5))
  })

  it('refuses wrong sizes', () => {
    expect(() => sinusoidalPositions(-1, 4)).toThrow('length must be a whole number from 0, got -1')
    expect(() => sinusoidalPositions(4, 0)).toThrow('dim must be a whole number from 1, got 0')
  })
})
