import { SurprisalError } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { learningRateAt, learningRates, type ScheduleOptions } from './learning-rates.ts'

const course = (steps: number, options: ScheduleOptions) =>
  Array.from({ length: steps }, (_, t) => learningRateAt(t, options))

const expectCourse = (got: number[], wanted: number[]) => {
  expect(got).toHaveLength(wanted.length)
  wanted.forEach((value, t) => {
    expect(got[t]).toBeCloseTo(value, 10)
  })
}

describe('learningRateAt', () => {
  it.each<[ScheduleOptions, number[]]>([
    [{}, [1, 1, 1]],
    [{ lr: 2, warmupSteps: 4 }, [0, 0.5, 1, 1.5, 2, 2]],
    [{ lr: 2, warmupSteps: 2, warmupInit: 1 }, [1, 1.5, 2]],
    [{ schedule: 'linear', lr: 1, totalSteps: 4 }, [1, 0.75, 0.5, 0.25, 0, 0]],
    [{ schedule: 'linear', lr: 1, warmupSteps: 2, totalSteps: 4 }, [0, 0.5, 1, 0.5, 0, 0]],
    [{ schedule: 'cosine', lr: 1, totalSteps: 4 }, [1, (2 + Math.SQRT2) / 4, 0.5, (2 - Math.SQRT2) / 4, 0, 0]],
    [{ schedule: 'cosine', lr: 1, minLr: 0.5, totalSteps: 2 }, [1, 0.75, 0.5, 0.5]],
    [{ schedule: 'wsd', lr: 1, stableSteps: 2, decaySteps: 2 }, [1, 1, 1, 0.5, 0, 0]],
    [{ schedule: 'wsd', lr: 1, decaySteps: 4, decay: 'sqrt' }, [1, 0.5, 1 - Math.SQRT1_2, 1 - Math.sqrt(0.75), 0]],
    [{ schedule: 'wsd', lr: 1, decaySteps: 2, decay: 'cosine', minLr: 0.2 }, [1, 0.6, 0.2]],
    [{ schedule: 'inverseSqrt', lr: 1, warmupSteps: 4 }, [0, 0.25, 0.5, 0.75, 1, Math.sqrt(4 / 5)]],
    [{ schedule: 'inverseSqrt', lr: 1 }, [1, 1, Math.SQRT1_2]],
    [{ schedule: 'step', lr: 1, stepSize: 2, gamma: 0.5 }, [1, 1, 0.5, 0.5, 0.25]],
    [{ schedule: 'step', lr: 1, warmupSteps: 1, stepSize: 2 }, [0, 1, 1, 0.1]],
    [{ schedule: 'exponential', lr: 8, gamma: 0.5 }, [8, 4, 2, 1]],
  ])('of %j', (options, wanted) => {
    expectCourse(course(wanted.length, options), wanted)
  })

  it('oneCycle rises to the peak and falls to nearly nothing', () => {
    const lrs = course(100, { schedule: 'oneCycle', lr: 1, totalSteps: 100 })
    expect([lrs[0], lrs[29], lrs[99]]).toEqual([expect.closeTo(0.04, 12), 1, expect.closeTo(4e-6, 12)])
    expect(lrs.slice(1, 30).every((lr, t) => lr > lrs[t])).toBe(true)
    expect(lrs.slice(30).every((lr, t) => lr < lrs[t + 29])).toBe(true)
  })

  it.each<[ScheduleOptions]>([
    [{ schedule: 'cosine', totalSteps: 0 }],
    [{ schedule: 'linear', totalSteps: 3, warmupSteps: 5 }],
    [{ schedule: 'oneCycle', totalSteps: 1 }],
    [{ schedule: 'wsd' }],
  ])('stays finite at the edge of %j', options => {
    for (const lr of course(12, options)) expect(Number.isFinite(lr) && lr >= 0).toBe(true)
  })

  it.each([
    [
      { schedule: 'plateau' },
      'schedule must be one of constant, linear, cosine, wsd, inverseSqrt, oneCycle, step, exponential, got plateau',
    ],
    [{ schedule: 'toString' }, 'got toString'],
    [{ schedule: 'linear' }, 'totalSteps must be a whole number from 0, got NaN'],
    [{ schedule: 'cosine', warmupSteps: 5 }, 'totalSteps must be a whole number from 0, got NaN'],
    [{ schedule: 'wsd', warmupSteps: 5, decay: 'cubic' }, 'decay must be one of linear, cosine, sqrt, got cubic'],
    [{ schedule: 'step', stepSize: 0 }, 'stepSize must be above 0, got 0'],
    [{ warmupSteps: 1.5 }, 'warmupSteps must be a whole number from 0, got 1.5'],
    [{ lr: -1 }, 'lr must be at least 0, got -1'],
  ])('refuses %j at the first step', (options, message) => {
    expect(() => learningRateAt(0, options as ScheduleOptions)).toThrow(message)
  })

  it('refuses a step before the first', () => {
    expect(() => learningRateAt(-1, {})).toThrow(
      new SurprisalError('argument', 'learningRates: t must be at least 0, got -1'),
    )
  })
})

describe('every schedule', () => {
  const schedules = ['constant', 'linear', 'cosine', 'wsd', 'inverseSqrt', 'oneCycle', 'step', 'exponential'] as const
  const anyOptions = fc.record({
    schedule: fc.constantFrom(...schedules),
    lr: fc.constantFrom(1e-4, 0.5, 3),
    warmupSteps: fc.nat(10),
    totalSteps: fc.integer({ min: 1, max: 40 }),
    stableSteps: fc.nat(10),
    decaySteps: fc.nat(10),
    decay: fc.constantFrom('linear', 'cosine', 'sqrt'),
    stepSize: fc.integer({ min: 1, max: 5 }),
    gamma: fc.constantFrom(0.5, 0.9),
  }) as fc.Arbitrary<ScheduleOptions & { lr: number; warmupSteps: number }>

  it('stays between 0 and its peak', () => {
    fc.assert(
      fc.property(anyOptions, options => {
        for (const lr of course(50, options)) expect(lr >= 0 && lr <= options.lr * (1 + 1e-12)).toBe(true)
      }),
    )
  })

  it('grows with the peak in proportion', () => {
    fc.assert(
      fc.property(anyOptions, options => {
        const [once, twice] = [course(50, options), course(50, { ...options, lr: 2 * options.lr })]
        twice.forEach((lr, t) => {
          expect(lr).toBeCloseTo(2 * once[t], 12)
        })
      }),
    )
  })

  it('rises to its peak and then never again', () => {
    fc.assert(
      fc.property(anyOptions, options => {
        const lrs = course(60, options)
        const top = lrs.indexOf(Math.max(...lrs))
        lrs.slice(1).forEach((lr, t) => {
          expect(t < top ? lr >= lrs[t] : lr <= lrs[t]).toBe(true)
        })
      }),
    )
  })
})

describe('learningRates', () => {
  it('lists the first steps as float32', () => {
    const lrs = learningRates(3, { schedule: 'exponential', gamma: 0.5 })
    expect([lrs.shape, lrs.dtype, Array.from(lrs.dataSync())]).toEqual([[3], 'float32', [1, 0.5, 0.25]])
    expect(learningRates(0, {}).shape).toEqual([0])
  })

  it('refuses a number of steps that is none', () => {
    expect(() => learningRates(2.5, {})).toThrow('learningRates: steps must be a whole number from 0, got 2.5')
  })
})
