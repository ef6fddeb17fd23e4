import { setExecutor, type Tensor, tensor } from '@surprisal/tensor'
import { registerReference } from '@surprisal/tensor/reference'
import { afterEach, describe, expect, it } from 'vitest'
import { type Distance, normalizeRows, resolveDistance, similarity } from './distance.ts'
import { reduce } from './reduce.ts'

const list = (x: Tensor): number[] => Array.from(x.dataSync(), value => value + 0)
const [a, b] = [
  tensor([
    [3, 4],
    [0, 2],
  ]),
  tensor([
    [6, 8],
    [-1, 0],
  ]),
]

registerReference()
afterEach(() => setExecutor('wasm'))

describe('resolveDistance', () => {
  it.each<[Distance, boolean]>([
    ['lp', false],
    ['snr', false],
    ['cosine', true],
    [{ type: 'dot', normalize: false }, true],
    [{ matrix: x => x }, false],
    [{ matrix: x => x, inverted: true }, true],
  ])('knows which way %o points', (distance, inverted) => {
    expect(resolveDistance('f', distance).inverted).toBe(inverted)
  })

  it.each(['wasm', 'reference'])('measures alike on %s', executor => {
    setExecutor(executor)
    const cosine = list(resolveDistance('f', 'cosine').matrix(a, b))
    ;[1, -0.6, 0.8, 0].forEach((value, i) => {
      expect(cosine[i]).toBeCloseTo(value, 6)
    })
    const plain = { type: 'lp', normalize: false } as const
    expect(list(resolveDistance('f', { ...plain, p: 1 }).matrix(a, b))).toEqual([7, 8, 12, 3])
    expect(list(resolveDistance('f', { ...plain, p: 1, power: 2 }).matrix(a, b))).toEqual([49, 64, 144, 9])
  })

  it('relates noise to the signal of the row', () => {
    const snr = { type: 'snr', normalize: false } as const
    expect(list(resolveDistance('f', snr).matrix(a, b))).toEqual([1, 0, 0, expect.closeTo(0.25, 6)])
    const flat = resolveDistance('f', snr).matrix(
      tensor([[1, 1]]),
      tensor([
        [5, 5],
        [0, 2],
      ]),
    )
    expect(list(flat)).toEqual([0, expect.closeTo(1e12, -6)])
  })
})

describe('similarity', () => {
  it('is larger for what is closer, whatever the distance', () => {
    const near = tensor([[1, 0.1]])
    const both = tensor([
      [1, 0],
      [-1, 0.5],
    ])
    for (const distance of ['lp', 'cosine', 'dot', 'snr'] as const) {
      const [close, far] = list(similarity('f', distance, near, both))
      expect(close).toBeGreaterThan(far)
    }
  })
})

describe('normalizeRows', () => {
  it('makes unit vectors in a norm, and leaves zeros', () => {
    const x = tensor([
      [3, -4],
      [0, 0],
    ])
    expect(list(normalizeRows(x))).toEqual([expect.closeTo(0.6, 6), expect.closeTo(-0.8, 6), 0, 0])
    expect(list(normalizeRows(x, 'inf'))).toEqual([0.75, -1, 0, 0])
  })
})

describe('reduce', () => {
  it('joins rows as asked', () => {
    const losses = tensor([1, 5])
    expect(reduce('f', losses, 'none')).toBe(losses)
    expect([reduce('f', losses).itemSync(), reduce('f', losses, 'sum').itemSync()]).toEqual([3, 6])
    expect(() => reduce('f', losses, 'max' as 'sum')).toThrow("f: reduction 'max' is not one of none|mean|sum")
  })
})
