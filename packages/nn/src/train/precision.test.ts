import { describe, expect, it } from 'vitest'
import { DynamicLossScale } from './loss-scale.ts'
import { resolvePrecision } from './precision.ts'

describe('resolvePrecision', () => {
  it('is float32 throughout, and says why where half precision was asked for', () => {
    expect(resolvePrecision()).toEqual({ params: 'f32', compute: 'f32', output: 'f32', lossScale: 1, fallback: null })
    for (const compute of ['f16', 'bf16'] as const)
      expect(resolvePrecision({ compute })).toMatchObject({
        compute: 'f32',
        fallback: `${compute} arithmetic runs as f32: halves are only stored here`,
      })
  })

  it('keeps to a loss scale, fixed or dynamic', () => {
    expect(resolvePrecision({ lossScale: 128 }).lossScale).toBe(128)
    const { lossScale } = resolvePrecision({ compute: 'f16', lossScale: 'dynamic' })
    expect((lossScale as DynamicLossScale).scale).toBe(65536)
    expect(lossScale).toBeInstanceOf(DynamicLossScale)
  })

  it.each([
    [{ params: 'f16' }, 'precision: params must be one of f32, got f16'],
    [{ output: 'f16' }, 'precision: output must be one of f32, got f16'],
    [{ compute: 'f64' }, 'precision: compute must be one of f32, f16, bf16, got f64'],
    [{ lossScale: 0 }, 'precision: lossScale must be above 0, got 0'],
  ])('refuses %j', (policy, message) => {
    expect(() => resolvePrecision(policy as never)).toThrow(message)
  })
})
