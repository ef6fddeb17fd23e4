import { describe, expect, it } from 'vitest'
import { scalarWords } from './scalar-words.ts'

const float = (word: number): number => new Float32Array(Uint32Array.of(word).buffer)[0]

describe('the words of a scalar', () => {
  it('are a float and what it misses', () => {
    const [high, low] = scalarWords({ primitive: { kind: 'constant', value: 0.1 }, dtype: 'float32' }, 'value')
    expect(float(high)).toBe(Math.fround(0.1))
    expect(float(high) + float(low)).toBeCloseTo(0.1, 15)
    const [infinite, rest] = scalarWords({ primitive: { kind: 'constant', value: 1 / 0 }, dtype: 'float16' }, 'value')
    expect([float(infinite), float(rest)]).toEqual([Number.POSITIVE_INFINITY, 0])
  })

  it('are an integer, the start or step of a count, or a key', () => {
    expect([...scalarWords({ primitive: { kind: 'constant', value: -3 }, dtype: 'int8' }, 'value')]).toEqual([
      2 ** 32 - 3,
      0,
    ])
    const count = { primitive: { kind: 'iota', start: 5, step: -1 }, dtype: 'int32' } as const
    expect([...scalarWords(count, 'start'), ...scalarWords(count, 'step')]).toEqual([5, 0, 2 ** 32 - 1, 0])
    const key = [7, 4_000_000_000] as const
    expect([...scalarWords({ primitive: { kind: 'random', key }, dtype: 'int32' }, 'key')]).toEqual([...key])
  })
})
