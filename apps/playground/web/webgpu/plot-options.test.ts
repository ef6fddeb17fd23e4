import { describe, expect, it } from 'vitest'
import { labelOf } from './plot-options.ts'

describe('labelOf', () => {
  it.each([
    [0.1, '0.1'],
    [0.2, '0.2'],
    [0.30000000000000004, ''],
    [5, '5'],
    [7, ''],
    [1000, '1000'],
    [null, ''],
  ])('labels %f with %j', (tick, label) => {
    expect(labelOf(tick)).toBe(label)
  })
})
