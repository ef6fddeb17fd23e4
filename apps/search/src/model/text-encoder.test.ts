import { gradients, randomKey } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { compactEncoder } from './compact-encoder.ts'
import { encodeTexts, encodeTextsSync } from './encode-texts.ts'
import { TextEncoder, type TextEncoderOptions } from './text-encoder.ts'
import { toTokenBatch } from './token-batch.ts'

const encoderWith = (options: Partial<TextEncoderOptions> = {}): TextEncoder =>
  new TextEncoder({ vocabSize: 20, dim: 4, hidden: 0, key: randomKey(1), ...options })
const norm = (vector: Float32Array): number => Math.hypot(...vector)

describe('TextEncoder', () => {
  it.each([0, 6])('makes unit vectors, and zero for an empty text (hidden %d)', async hidden => {
    const encoder = encoderWith({ hidden })
    const vectors = await encodeTexts(encoder, [Int32Array.of(1, 2, 3), Int32Array.of(), Int32Array.of(19)])
    expect(norm(vectors.subarray(0, 4))).toBeCloseTo(1, 5)
    expect(norm(vectors.subarray(8, 12))).toBeCloseTo(1, 5)
    if (hidden === 0) expect([...vectors.subarray(4, 8)]).toEqual([0, 0, 0, 0])
    expect(vectors.every(Number.isFinite)).toBe(true)
  })

  it('is a sum weighted by importance, whatever the order', async () => {
    const importance = Float32Array.from({ length: 20 }, (_, i) => Math.log(1 + i))
    const encoder = encoderWith({ importance })
    const table = (await encoder.embeddings.value.data()) as Float32Array
    const sum = [0, 1, 2, 3].map(d => 4 * table[3 * 4 + d] + 2 * 8 * table[7 * 4 + d])
    const length = Math.hypot(...sum)
    const vector = encodeTextsSync(encoder, [Int32Array.of(7, 3, 7)])
    vector.forEach((value, d) => {
      expect(value).toBeCloseTo(sum[d] / length, 5)
    })
    expect(encodeTextsSync(encoder, [Int32Array.of(7, 7, 3)])).toEqual(vector)
  })

  it('has gradients for the rows of a batch only', async () => {
    const encoder = encoderWith({ hidden: 6 })
    const batch = toTokenBatch([
      [3, 5, 3],
      [5, 9],
    ])
    const touched = encoder.touched(batch)
    const [rows] = gradients(
      encoder.forward(batch, touched).square().sum().mul(0.5).add(encoder.forward(batch, touched).sum()),
      [touched.embeddings],
    )
    expect(rows.shape).toEqual([3, 4])
    expect([...((await touched.rows.data()) as Int32Array)]).toEqual([3, 5, 9])
    expect((await rows.data()).some(value => value !== 0)).toBe(true)
  })

  it('gives the same for one text, for many, and in batches', async () => {
    const encoder = encoderWith()
    const texts = Array.from({ length: 5000 }, (_, i) => Int32Array.of(i % 20, (3 * i) % 20))
    const seen: number[] = []
    const vectors = await encodeTexts(encoder, texts, done => void seen.push(done))
    expect(seen.at(-1)).toBe(5000)
    expect(seen.length).toBeGreaterThan(1)
    for (const i of [0, 2047, 2048, 4999])
      encodeTextsSync(encoder, [texts[i]]).forEach((value, d) => {
        expect(vectors[4 * i + d]).toBeCloseTo(value, 5)
      })
  })

  it('refuses sizes that make no sense', () => {
    expect(() => encoderWith({ vocabSize: 0 })).toThrow('TextEncoder: vocabSize and dim must be positive, got 0 and 4')
    expect(() => encoderWith({ dim: -1 })).toThrow('TextEncoder: vocabSize and dim must be positive, got 20 and -1')
  })
})

describe('compactEncoder', () => {
  it('is almost the same with 255 values per row, and leaves the original alone', async () => {
    const encoder = encoderWith({ vocabSize: 300, dim: 32, hidden: 8 })
    const before = Float32Array.from((await encoder.embeddings.value.data()) as Float32Array)
    const compact = compactEncoder(encoder)
    const table = (await compact.embeddings.value.data()) as Float32Array
    for (let row = 0; row < 300; row++) {
      const original = before.subarray(32 * row, 32 * (row + 1))
      const scale = Math.max(...original.map(Math.abs)) / 127
      original.forEach((value, d) => {
        const rounded = table[32 * row + d]
        expect(Math.abs(rounded - value)).toBeLessThanOrEqual(0.51 * scale)
        expect(Math.abs(rounded / scale - Math.round(rounded / scale))).toBeLessThan(1e-2)
      })
    }
    expect(await encoder.embeddings.value.data()).toEqual(before)
    const text = Int32Array.of(1, 50, 299)
    const [a, b] = [encodeTextsSync(encoder, [text]), encodeTextsSync(compact, [text])]
    expect(a.reduce((sum, value, d) => sum + value * b[d], 0)).toBeGreaterThan(0.999)
  })
})
