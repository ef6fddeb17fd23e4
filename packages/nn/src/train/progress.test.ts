import { describe, expect, it } from 'vitest'
import { type Progress, progressLine, Speedometer } from './progress.ts'

const progress: Progress = {
  step: 300,
  steps: 1200,
  epoch: 2,
  loss: 1.5,
  smoothedLoss: 1.23456,
  lr: 3e-4,
  gradNorm: null,
  skipped: false,
  samplesPerSecond: null,
  tokensPerSecond: null,
  secondsLeft: 74.2,
}

describe('progressLine', () => {
  it('shows bar, steps, running loss, learning rate and time', () => {
    expect(progressLine(progress)).toBe('[=====               ] 300/1,200  loss 1.2346  lr 3.00e-4  1:15 left')
  })

  it('shows speeds that are known, and hours', () => {
    const line = progressLine({ ...progress, samplesPerSecond: 1234.4, tokensPerSecond: 98765, secondsLeft: 3700 })
    expect(line).toContain('1,234 samples/s  98,765 tokens/s  1:01:40 left')
  })

  it('is full at the end, also of nothing', () => {
    expect(progressLine({ ...progress, step: 7, steps: 7, secondsLeft: 0 })).toMatch(/^\[={20}\] 7\/7 .* 0:00 left$/)
    expect(progressLine({ ...progress, step: 0, steps: 0 })).toMatch(/^\[ {20}\] 0\/0 /)
  })
})

describe('Speedometer', () => {
  it('knows nothing at first', () => {
    const speed = new Speedometer()
    expect([speed.secondsPerStep, speed.samplesPerSecond, speed.tokensPerSecond]).toEqual([0, null, null])
  })

  it('counts the first step only until there is another', () => {
    const speed = new Speedometer()
    speed.add(10, 5, 0)
    expect([speed.secondsPerStep, speed.samplesPerSecond, speed.tokensPerSecond]).toEqual([10, 0.5, null])
    speed.add(1, 5, 20)
    expect([speed.secondsPerStep, speed.samplesPerSecond, speed.tokensPerSecond]).toEqual([1, 5, 20])
    for (let step = 0; step < 100; step++) speed.add(2, 5, 20)
    expect(speed.secondsPerStep).toBeCloseTo(2, 3)
    expect(speed.samplesPerSecond).toBeCloseTo(2.5, 3)
  })
})
