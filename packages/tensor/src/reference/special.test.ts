import { describe, expect, it } from 'vitest'
import { identityMap } from '../graph/affine.ts'
import type { UnaryName } from '../graph/node.ts'
import { special } from './special.ts'
import { specialFunctions } from './special-functions.ts'

const apply = (f: UnaryName, data: Float32Array, map = identityMap([data.length])) => {
  const out = new Float32Array(map.shape.reduce((a, b) => a * b, 1))
  const kernel = { primitive: { kind: 'unary', f }, op: f, dtype: 'float32', shape: map.shape, operands: [], output: 0 }
  special(kernel as never, [{ data, dtype: 'float32', map }], out)
  return out
}

describe('special', () => {
  it.each(['erfinv', 'lgamma', 'digamma'] as const)('rounds %s once', f => {
    const x = Float32Array.of(-0.5, 0.25, 0.75, 0, -0.125)
    expect(apply(f, x)).toEqual(x.map(specialFunctions[f]))
  })

  it('walks strides', () => {
    const map = { shape: [3, 2], strides: [1, 3], offset: 1, guard: null }
    const x = Float32Array.of(9, 1, 2, 3, 4, 5, 6)
    expect(apply('lgamma', x, map)).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6).map(specialFunctions.lgamma))
  })

  it('has nothing to do without elements', () => {
    expect(apply('erfinv', new Float32Array(0))).toEqual(new Float32Array(0))
  })
})
