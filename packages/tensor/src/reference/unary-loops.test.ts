import { describe, expect, it } from 'vitest'
import type { UnaryName } from '../graph/node.ts'
import { numbers } from './__fixtures__/run-kernel.ts'
import { unaryFunctions } from './unary-functions.ts'
import { mapUnary, notLoop, unaryLoops } from './unary-loops.ts'

const corners = [0, -0, 1, -1, 0.5, -2.5, 1e-30, 3e38, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

describe('unaryLoops', () => {
  it.each(Object.keys(unaryLoops) as UnaryName[])('%s does what its function does, rounded once', name => {
    const values = [...corners, ...numbers(20)]
    for (let n = 0; n <= values.length; n++) {
      const out = new Float32Array(n + 1).fill(7)
      unaryLoops[name]?.(out, 0, 1, Float32Array.from(values), 0, 1, n)
      const expected = Float32Array.from(values.slice(0, n), x => unaryFunctions[name](Math.fround(x)))
      expect(Array.from(out)).toEqual([...expected, 7])
    }
  })

  it.each(Object.keys(unaryLoops) as UnaryName[])('%s walks both sides with strides', name => {
    const x = Float32Array.from(numbers(12, 0.1, 0.9))
    const out = new Float32Array(12)
    unaryLoops[name]?.(out, 1, 3, x, 11, -2, 4)
    const expected = new Float32Array(12)
    for (let k = 0; k < 4; k++) expected[1 + 3 * k] = unaryFunctions[name](x[11 - 2 * k])
    expect(out).toEqual(expected)
  })
})

describe('notLoop', () => {
  it('exchanges 0 and 1', () => {
    const out = new Uint8Array(4)
    notLoop(out, 0, 1, Uint8Array.of(0, 1, 1, 0), 0, 1, 4)
    expect(Array.from(out)).toEqual([1, 0, 0, 1])
  })
})

describe('mapUnary', () => {
  it('applies any function between any arrays', () => {
    const out = new Int8Array(3)
    mapUnary(x => 2 * x, out, 0, 1, Int32Array.of(1, 100, -1), 0, 1, 3)
    expect(Array.from(out)).toEqual([2, -56, -2])
  })
})
