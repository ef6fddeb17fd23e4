import { describe, expect, it } from 'vitest'
import { type Comparison, newComparison } from './comparison.ts'
import { agreementOf, rowsOf, verdictOf } from './summary.ts'

const measured: Comparison = {
  ...newComparison('matmul', 100),
  times: { cpu: [4, 2, 3, 9], webgpu: [1, 1.5, 1.25] },
  agreement: { difference: 2.5e-6, largest: 31.26, dispatches: { cpu: null, webgpu: 1 } },
}

describe('rowsOf', () => {
  it('has best, median, rate and dispatches of each device', () => {
    expect(rowsOf(measured)).toEqual([
      { device: 'cpu', best: 2, median: 3.5, rate: 1, dispatches: null },
      { device: 'webgpu', best: 1, median: 1.25, rate: 2, dispatches: 1 },
    ])
  })

  it('leaves out what has not been measured', () => {
    expect(rowsOf({ ...measured, times: { cpu: [1], webgpu: [] } }).map(({ device }) => device)).toEqual(['cpu'])
    expect(rowsOf(newComparison('chain', 8))).toEqual([])
  })
})

describe('sentences', () => {
  it('say who is faster', () => {
    expect(verdictOf(rowsOf(measured))).toBe('WebGPU is 2.8 times as fast.')
    expect(verdictOf([...rowsOf(measured)].reverse())).toBe('WebGPU is 2.8 times as fast.')
    expect(verdictOf(rowsOf({ ...measured, times: { cpu: [1], webgpu: [] } }))).toBeNull()
  })

  it('say how far the results are apart', () => {
    expect(agreementOf(measured)).toBe('Largest difference of the results: 2.5e-6, of values up to 31.3.')
    expect(agreementOf(newComparison('chain', 8))).toBeNull()
    expect(agreementOf({ ...measured, agreement: { difference: null, largest: 1, dispatches: {} } })).toBeNull()
  })
})
