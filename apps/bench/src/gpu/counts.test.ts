import { describe, expect, it } from 'vitest'
import { countNames, countsBetween, mostCounts } from './counts.ts'

const a = { dispatches: 1, submissions: 2, pipelines: 3, buffers: 4 }
const b = { dispatches: 10, submissions: 2, pipelines: 30, buffers: 3 }

describe('counts', () => {
  it('are subtracted and compared one by one', () => {
    expect(countsBetween(a, b)).toEqual({ dispatches: 9, submissions: 0, pipelines: 27, buffers: -1 })
    expect(mostCounts(a, b)).toEqual({ dispatches: 10, submissions: 2, pipelines: 30, buffers: 4 })
  })

  it('have a name in tables each', () => {
    expect([...countNames]).toEqual(Object.keys(a))
  })
})
