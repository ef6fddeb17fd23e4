import { describe, expect, it } from 'vitest'
import type { BinaryName } from '../graph/node.ts'
import { numbers } from './__fixtures__/run-kernel.ts'
import { binaryFunction } from './binary-functions.ts'
import { arithmeticLoops, comparisonLoops, logicLoops, mapBinary } from './binary-loops.ts'

const corners = [0, -0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
const pairs = [
  ...corners.flatMap(a => corners.map(b => [a, b])),
  ...numbers(20).map((a, k) => [a, numbers(40)[k + 20]]),
]
const left = Float32Array.from(pairs, ([a]) => a)
const right = Float32Array.from(pairs, ([, b]) => b)

describe('arithmeticLoops', () => {
  it.each(Object.keys(arithmeticLoops) as BinaryName[])('%s does what its function does', name => {
    const f = binaryFunction(name, 'float32')
    for (const n of [0, 1, 2, 3, 17, pairs.length]) {
      const out = new Float32Array(n + 1).fill(7)
      arithmeticLoops[name]?.(out, 0, 1, left, 0, 1, right, 0, 1, n)
      expect(Array.from(out)).toEqual([...Float32Array.from(left.subarray(0, n), (a, k) => f(a, right[k])), 7])
    }
  })

  it.each(Object.keys(arithmeticLoops) as BinaryName[])('%s repeats and skips', name => {
    const f = binaryFunction(name, 'float32')
    const out = new Float32Array(9)
    arithmeticLoops[name]?.(out, 8, -2, left, 30, 0, right, 1, 4, 5)
    const expected = new Float32Array(9)
    for (let k = 0; k < 5; k++) expected[8 - 2 * k] = f(left[30], right[1 + 4 * k])
    expect(out).toEqual(expected)
  })
})

describe('comparisonLoops', () => {
  it.each(Object.keys(comparisonLoops) as BinaryName[])('%s gives 0 and 1', name => {
    const f = binaryFunction(name, 'float32')
    const out = new Uint8Array(pairs.length)
    comparisonLoops[name]?.(out, 0, 1, left, 0, 1, right, 0, 1, pairs.length)
    expect(Array.from(out)).toEqual(pairs.map((_, k) => f(left[k], right[k])))
  })
})

describe('logicLoops', () => {
  it.each(Object.keys(logicLoops) as BinaryName[])('%s of bools', name => {
    const out = new Uint8Array(4)
    logicLoops[name]?.(out, 0, 1, Uint8Array.of(0, 0, 1, 1), 0, 1, Uint8Array.of(0, 1, 0, 1), 0, 1, 4)
    const f = binaryFunction(name, 'bool')
    expect(Array.from(out)).toEqual([f(0, 0), f(0, 1), f(1, 0), f(1, 1)])
  })
})

describe('mapBinary', () => {
  it('applies any function between any arrays', () => {
    const out = new Uint8Array(2)
    mapBinary((a, b) => a * b, out, 0, 1, Uint8Array.of(16, 3), 0, 1, Int32Array.of(17, -1), 0, 1, 2)
    expect(Array.from(out)).toEqual([16, 253])
  })
})
