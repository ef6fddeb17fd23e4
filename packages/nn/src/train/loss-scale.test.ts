import { describe, expect, it } from 'vitest'
import { DynamicLossScale } from './loss-scale.ts'

describe('DynamicLossScale', () => {
  it('begins at 65536, halves at an overflow and doubles after good steps in a row', () => {
    const scale = new DynamicLossScale({ growthSteps: 3 })
    const course = [true, true, false, true, true, true, true].map(good => {
      scale.update(good)
      return scale.scale
    })
    expect(course).toEqual([65536, 65536, 32768, 32768, 32768, 65536, 65536])
  })

  it('doubles after 2000 good steps unless told', () => {
    const scale = new DynamicLossScale({ start: 4 })
    for (let step = 0; step < 1999; step++) scale.update(true)
    expect(scale.scale).toBe(4)
    scale.update(true)
    expect(scale.scale).toBe(8)
  })

  it('goes on from its state', () => {
    const [first, second] = [new DynamicLossScale({ growthSteps: 3 }), new DynamicLossScale({ growthSteps: 3 })]
    first.update(false)
    first.update(true)
    first.update(true)
    second.loadStateDict(JSON.parse(JSON.stringify(first.stateDict())))
    second.update(true)
    expect([first.scale, second.scale]).toEqual([32768, 65536])
  })

  it('gives up when gradients are not finite without it', () => {
    const scale = new DynamicLossScale({ start: 2 })
    scale.update(false)
    expect(() => scale.update(false)).toThrow('DynamicLossScale: gradients must be finite at scale 1, got others')
  })

  it.each([
    [{ start: 0 }, 'DynamicLossScale: start must be above 0, got 0'],
    [{ growthSteps: 0 }, 'DynamicLossScale: growthSteps must be a whole number from 1, got 0'],
  ])('refuses %j', (options, message) => {
    expect(() => new DynamicLossScale(options)).toThrow(message)
  })
})
