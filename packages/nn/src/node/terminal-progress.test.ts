import { describe, expect, it } from 'vitest'
import type { Progress } from '../train/progress.ts'
import { terminalProgress } from './terminal-progress.ts'

const at = (step: number): Progress => ({
  step,
  steps: 4,
  epoch: null,
  loss: 1,
  smoothedLoss: 1,
  lr: 1,
  gradNorm: null,
  skipped: false,
  samplesPerSecond: null,
  tokensPerSecond: null,
  secondsLeft: 1,
})

function written(isTTY: boolean, every?: number): string[] {
  const texts: string[] = []
  const show = terminalProgress({ stream: { isTTY, write: text => texts.push(text) }, every })
  for (const step of [1, 2, 3, 4]) show(at(step))
  return texts
}

describe('terminalProgress', () => {
  it('writes one line anew in a terminal, and ends it', () => {
    const texts = written(true, 0)
    expect(texts).toHaveLength(4)
    expect(texts[0]).toBe('\r\x1b[2K[=====               ] 1/4  loss 1.0000  lr 1.00e+0  0:01 left')
    expect(texts[3]).toMatch(/4\/4 .*\n$/)
  })

  it('writes lines elsewhere', () => {
    expect(written(false, 0).every(text => text.startsWith('[') && text.endsWith('left\n'))).toBe(true)
  })

  it('leaves out what follows too fast, but never the first or the last', () => {
    for (const isTTY of [true, false]) {
      const texts = written(isTTY, 1000)
      expect(texts.map(text => /(\d)\/4/.exec(text)?.[1])).toEqual(['1', '4'])
    }
  })
})
