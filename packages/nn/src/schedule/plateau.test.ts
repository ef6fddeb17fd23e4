import { SurprisalError } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { type PlateauOptions, ReduceLROnPlateau } from './plateau.ts'

const course = (metrics: number[], options: PlateauOptions) => {
  const schedule = new ReduceLROnPlateau(options)
  return metrics.map(metric => schedule.step(metric))
}

describe('ReduceLROnPlateau', () => {
  it.each<[string, PlateauOptions, number[], number[]]>([
    ['drops after patience', { factor: 0.5, patience: 1 }, [5, 5, 5, 5, 5], [1, 1, 0.5, 0.5, 0.25]],
    ['drops at once without patience', { factor: 0.5, patience: 0 }, [5, 5, 4, 4], [1, 0.5, 0.5, 0.25]],
    ['starts anew at an improvement', { factor: 0.5, patience: 1 }, [5, 5, 4, 4, 4], [1, 1, 1, 1, 0.5]],
    ['counts what is larger as better', { mode: 'max', factor: 0.5, patience: 0 }, [1, 2, 1, 3], [1, 1, 0.5, 0.5]],
    ['wants a share of the best', { threshold: 0.1, factor: 0.5, patience: 0 }, [10, 9.5, 8], [1, 0.5, 0.5]],
    [
      'wants a difference',
      { threshold: 1, thresholdMode: 'abs', factor: 0.5, patience: 0 },
      [10, 9.5, 8],
      [1, 0.5, 0.5],
    ],
    [
      'judges negative metrics the same way',
      { threshold: 0.1, factor: 0.5, patience: 0 },
      [-10, -10.5, -12],
      [1, 0.5, 0.5],
    ],
    ['waits after a drop', { factor: 0.5, patience: 0, cooldown: 2 }, [5, 5, 5, 5, 5], [1, 0.5, 0.5, 0.5, 0.25]],
    ['stops at the lowest', { factor: 0.1, patience: 0, minLr: 0.05 }, [5, 5, 5, 5], [1, 0.1, 0.05, 0.05]],
    ['never rises to the lowest', { lr: 0.01, factor: 0.5, patience: 0, minLr: 0.05 }, [5, 5], [0.01, 0.01]],
    ['takes NaN for no improvement', { factor: 0.5, patience: 0 }, [Number.NaN, 5, Number.NaN], [0.5, 0.5, 0.25]],
  ])('%s', (_, options, metrics, wanted) => {
    expect(course(metrics, options)).toEqual(wanted.map(lr => expect.closeTo(lr, 12)))
  })

  it('goes on from its state', () => {
    const options: PlateauOptions = { lr: 1, factor: 0.5, patience: 1, cooldown: 1 }
    const metrics = [5, 5, 5, 6, 4, 4, 4, 4, 4, 4]
    const [first, second] = [new ReduceLROnPlateau(options), new ReduceLROnPlateau(options)]
    for (const metric of metrics.slice(0, 4)) first.step(metric)
    second.loadStateDict(JSON.parse(JSON.stringify(first.stateDict())))
    expect(second.lr).toBe(first.lr)
    const whole = course(metrics, options).slice(4)
    expect(metrics.slice(4).map(metric => second.step(metric))).toEqual(whole)
  })

  it('hands out a copy of its state', () => {
    const schedule = new ReduceLROnPlateau({ lr: 2 })
    schedule.stateDict().lr = 7
    expect(schedule.lr).toBe(2)
  })

  it.each<[PlateauOptions, string]>([
    [{ lr: -1 }, 'ReduceLROnPlateau: lr must be at least 0, got -1'],
    [{ factor: 1 }, 'ReduceLROnPlateau: factor must be in [0, 1), got 1'],
    [{ patience: 0.5 }, 'ReduceLROnPlateau: patience must be a whole number from 0, got 0.5'],
    [{ cooldown: -1 }, 'ReduceLROnPlateau: cooldown must be a whole number from 0, got -1'],
    [{ threshold: Number.NaN }, 'ReduceLROnPlateau: threshold must be at least 0, got NaN'],
    [{ mode: 'avg' as never }, 'ReduceLROnPlateau: mode must be one of min, max, got avg'],
    [{ thresholdMode: 'x' as never }, 'ReduceLROnPlateau: thresholdMode must be one of rel, abs, got x'],
  ])('refuses %j', (options, message) => {
    expect(() => new ReduceLROnPlateau(options)).toThrow(new SurprisalError('argument', message))
  })
})
