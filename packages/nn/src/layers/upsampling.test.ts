import { arange, normal, type Tensor, tensor, zeros } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PixelShuffle, pixelShuffle, Upsample } from './upsampling.ts'

const values = async (t: Tensor): Promise<number[]> => [...(await t.data())]

describe('Upsample', () => {
  it('interpolates', async () => {
    const x = tensor([[[[1, 2]]]])
    expect(await values(new Upsample({ scaleFactor: 2 }).forward(x))).toEqual([1, 1, 2, 2, 1, 1, 2, 2])
    const smooth = new Upsample({ size: [1, 3], mode: 'bilinear', alignCorners: true })
    expect(await values(smooth.forward(x))).toEqual([1, 1.5, 2])
  })
})

describe('pixelShuffle', () => {
  it('moves channels into blocks', async () => {
    const x = arange(8, { dtype: 'float32' }).reshape([1, 4, 1, 2])
    const y = new PixelShuffle(2).forward(x)
    expect(y.shape).toEqual([1, 1, 2, 4])
    expect(await values(y)).toEqual([0, 2, 1, 3, 4, 6, 5, 7])
  })

  it('puts every element where the formula says', async () => {
    const sizes = fc.tuple(...[2, 2, 3, 3, 3].map(max => fc.integer({ min: 1, max })))
    await fc.assert(
      fc.asyncProperty(sizes, async ([batch, channels, r, height, width]) => {
        const x = normal(1, [batch, channels * r * r, height, width])
        const [from, to] = [await values(x), await values(pixelShuffle(x, r))]
        let i = 0
        for (let b = 0; b < batch; b++)
          for (let c = 0; c < channels; c++)
            for (let h = 0; h < height * r; h++)
              for (let w = 0; w < width * r; w++) {
                const channel = c * r * r + (h % r) * r + (w % r)
                const row = (b * channels * r * r + channel) * height + Math.floor(h / r)
                expect(to[i++]).toBe(from[row * width + Math.floor(w / r)])
              }
      }),
      { seed: 1, numRuns: 25 },
    )
  })

  it('has the right gradient', () => {
    gradcheck(x => pixelShuffle(x, 2).square(), [normal(1, [1, 4, 2, 1])])
  })

  it('refuses what does not fit', () => {
    expect(() => pixelShuffle(zeros([1, 6, 2, 2]), 2)).toThrow(
      'pixelShuffle: x must be [batch, channels, height, width] with channels divisible by 4, got [1, 6, 2, 2]',
    )
    expect(() => new PixelShuffle(1.5)).toThrow('PixelShuffle: upscaleFactor must be a whole number from 1, got 1.5')
  })
})
