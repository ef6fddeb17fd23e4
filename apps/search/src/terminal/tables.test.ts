import { describe, expect, it } from 'vitest'
import type { EvaluationRow } from '../server/types.ts'
import { colorsFor } from './colors.ts'
import { curveText, evaluationText, evaluationTexts } from './tables.ts'

const none = colorsFor({}, {})
const all = colorsFor({ isTTY: true }, {})
const row = (system: EvaluationRow['system'], recall: number, mrr: number): EvaluationRow => ({
  system,
  metrics: { 'recall@1': recall, 'mrr@10': mrr },
  bytesPerDocument: 1024.4,
  queriesPerSecond: 42.25,
})
const set = { queries: 'held-out definitions', rows: [row('bm25', 0.5, 0.25), row('dense', 0.5, 0.3)] }

describe('evaluationText', () => {
  it('has a line for each system and a column for each measure', () => {
    expect(evaluationText(set, none)).toBe(
      [
        'held-out definitions',
        '┌────────┬──────────┬────────┬───────────┬───────────┐',
        '│ system │ recall@1 │ mrr@10 │ bytes/doc │ queries/s │',
        '├────────┼──────────┼────────┼───────────┼───────────┤',
        '│ bm25   │    0.500 │  0.250 │     1,024 │      42.3 │',
        '│ dense  │    0.500 │  0.300 │     1,024 │      42.3 │',
        '└────────┴──────────┴────────┴───────────┴───────────┘',
      ].join('\n'),
    )
  })

  it('marks the best value of each measure, all of them where several are equal', () => {
    const lines = evaluationText(set, all).split('\n')
    expect(lines[4]).toContain(all.bold('0.500'))
    expect(lines[4]).not.toContain(all.bold('0.250'))
    expect(lines[5]).toContain(all.bold('0.500'))
    expect(lines[5]).toContain(all.bold('0.300'))
  })

  it('puts several sets below each other, and nothing for none', () => {
    expect(evaluationTexts([set, set], none)).toBe(`${evaluationText(set, none)}\n\n${evaluationText(set, none)}`)
    expect(evaluationTexts([], none)).toBe('')
  })
})

describe('curveText', () => {
  const falling = Array.from({ length: 300 }, (_, i) => 5 - i / 100)

  it('draws means over the steps, at most as wide as asked for', () => {
    const [title, ...lines] = curveText({ steps: [], loss: falling }, none, 40).split('\n')
    expect(title).toBe('training loss')
    expect(lines).toHaveLength(9)
    expect(Math.max(...lines.map(line => line.length))).toBeLessThan(55)
    const numbers = lines.map(line => Number.parseFloat(line))
    expect(numbers[0]).toBeCloseTo(4.97, 1)
    expect(numbers.at(-1)).toBeCloseTo(2.04, 1)
  })

  it('draws nothing for less than two points', () => {
    expect(curveText({ steps: [1], loss: [3] }, none)).toBe('')
    expect(curveText({ steps: [], loss: [] }, none)).toBe('')
  })
})
