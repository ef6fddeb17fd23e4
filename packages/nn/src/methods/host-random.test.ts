import { describe, expect, it } from 'vitest'
import { HostRandom } from './host-random.ts'

const take = (n: number, draw: () => number): number[] => Array.from({ length: n }, draw)

describe('HostRandom', () => {
  it('is the same for a seed, and goes on from any place', () => {
    const [a, b, other] = [new HostRandom(3), new HostRandom(3), new HostRandom(4)]
    const first = take(9, () => a.uniform())
    expect(take(9, () => b.uniform())).toEqual(first)
    expect(take(9, () => other.uniform())).not.toEqual(first)
    for (const place of [1, 4, 7]) {
      const late = new HostRandom(3, place)
      expect(take(9 - place, () => late.uniform())).toEqual(first.slice(place))
      expect(late.drawn).toBe(9)
    }
    expect(new Set(first).size).toBe(9)
  })

  it('has the moments of its distributions', () => {
    const random = new HostRandom(1)
    const mean = (list: number[]): number => list.reduce((x, y) => x + y, 0) / list.length
    const uniforms = take(20_000, () => random.uniform())
    expect(mean(uniforms)).toBeCloseTo(0.5, 2)
    expect(uniforms.every(x => x >= 0 && x < 1)).toBe(true)
    const normals = take(20_000, () => random.normal())
    expect(Math.abs(mean(normals))).toBeLessThan(0.03)
    expect(mean(normals.map(x => x * x))).toBeCloseTo(1, 1)
    const counts = [0, 0, 0]
    for (let i = 0; i < 3000; i++) counts[random.below(3)] += 1
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120)
  })
})
