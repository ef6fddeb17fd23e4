import { describe, expect, it } from 'vitest'
import { blockParticipation, drawnDistances, drawnPairs, prFlashCost } from './block-participation.ts'

const rounded = (list: ArrayLike<number>): number[] => Array.from(list, x => Math.round(x * 1e4) / 1e4)

describe('blockParticipation', () => {
  it.each([
    [{}, [1, 0.5, 0.3333, 0.25]],
    [{ localBlocks: 3 }, [1, 1, 1, 0.5]],
    [{ distribution: 'geometric' }, [1, 0.5, 0.25, 0.125]],
    [{ distribution: 'geometric', parameter: 0.1 }, [1, 0.1, 0.01, 0.001]],
    [{ distribution: 'power', parameter: 2 }, [1, 0.25, 0.1111, 0.0625]],
  ] as const)('falls with the distance: %j', (options, wanted) => {
    expect(rounded(blockParticipation(4, options).dataSync())).toEqual(wanted)
  })

  it.each([
    [{ localBlocks: 0 }, 'localBlocks must be at least 1 (the diagonal block must always take part), got 0'],
    [{ distribution: 'geometric', parameter: 1.5 }, 'parameter must be in (0, 1] for geometric, got 1.5'],
    [{ distribution: 'power', parameter: 0 }, 'parameter must be above 0, got 0'],
    [{ distribution: 'flat' }, 'distribution must be one of harmonic, geometric, power, got flat'],
  ])('refuses %j', (options, message) => {
    expect(() => blockParticipation(4, options as never)).toThrow(`blockParticipation: ${message}`)
  })

  it('refuses no block', () => {
    expect(() => blockParticipation(0)).toThrow('blockParticipation: numBlocks must be a whole number from 1, got 0')
  })
})

describe('draws', () => {
  const half = [1, 0.5, 0.5]

  it('choose distances, or pairs of blocks by their distance', () => {
    expect(drawnDistances('f', half, { uniforms: [0.9, 0.6, 0.4] })).toEqual([0, 2])
    const uniforms = [
      [0.9, 0.6, 0.4],
      [0.1, 0.9, 0.6],
      [0.6, 0.1, 0.9],
    ]
    expect([...drawnPairs('f', half, { share: 'block', uniforms })]).toEqual([1, 0, 1, 1, 1, 0, 0, 1, 1])
  })

  it('come about as often as their probability, and from the key alone', () => {
    const far = Array.from({ length: 2000 }, (_, key) => drawnDistances('f', [1, 0.3], { key })).filter(
      d => d.length === 2,
    )
    expect(Math.abs(far.length - 600)).toBeLessThan(70)
    expect(drawnDistances('f', half, { key: 7 })).toEqual(drawnDistances('f', half, { key: 7 }))
  })

  it.each([
    [{}, 'f: options must have uniforms or a key'],
    [{ uniforms: [0.5] }, 'f: uniforms must be 3 numbers in [0, 1], got 1'],
    [{ uniforms: [0.5, 0.5, 2] }, 'f: uniforms must be 3 numbers in [0, 1], got 3'],
  ])('refuse %j', (options, message) => {
    expect(() => drawnDistances('f', half, options)).toThrow(message)
  })

  it('of pairs need a row for each block', () => {
    expect(() => drawnPairs('f', half, { share: 'block', uniforms: [[0, 0, 0]] })).toThrow(
      'f: uniforms must be 3 rows of 3 numbers in [0, 1], got 1',
    )
  })
})

describe('prFlashCost', () => {
  it('counts products of blocks', () => {
    const all = { length: 40, blockSize: 10, localBlocks: 4 }
    expect(prFlashCost(all)).toEqual({ expected: 10, exact: 10 })
    expect(prFlashCost({ ...all, causal: false })).toEqual({ expected: 16, exact: 16 })
    expect(prFlashCost({ length: 31, blockSize: 10 }).expected).toBeCloseTo(4 + 3 / 2 + 2 / 3 + 1 / 4, 9)
    expect(() => prFlashCost({ length: 0 })).toThrow('prFlashCost: length must be a whole number from 1, got 0')
  })
})
