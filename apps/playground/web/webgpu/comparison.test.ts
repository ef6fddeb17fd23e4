import { describe, expect, it } from 'vitest'
import { advance, newComparison } from './comparison.ts'

describe('advance', () => {
  const begun = newComparison('chain', 4096)

  it('adds the times of each device', () => {
    const first = advance(begun, { kind: 'sample', device: 'cpu', milliseconds: 2 })
    const second = advance(first, { kind: 'sample', device: 'webgpu', milliseconds: 3 })
    expect(advance(second, { kind: 'sample', device: 'cpu', milliseconds: 4 }).times).toEqual({
      cpu: [2, 4],
      webgpu: [3],
    })
    expect(begun.times).toEqual({ cpu: [], webgpu: [] })
  })

  it('keeps how far the results agree', () => {
    const agreement = { difference: 1e-6, largest: 3, dispatches: { cpu: null, webgpu: 1 } }
    expect(advance(begun, { kind: 'agreement', ...agreement }).agreement).toMatchObject(agreement)
  })

  it('ends well or with an error', () => {
    expect(advance(begun, { kind: 'end', error: null })).toEqual({ ...begun, isRunning: false })
    expect(advance(begun, { kind: 'end', error: 'no memory' })).toEqual({
      ...begun,
      isRunning: false,
      error: 'no memory',
    })
  })

  it('is not changed by what concerns the devices', () => {
    expect(advance(begun, { kind: 'devices', gpu: null, reason: 'none', cores: 2, threads: true })).toBe(begun)
  })
})
