import { describe, expect, test } from 'vitest'
import { type DType, hostArray } from '../../dtype.ts'
import type { ReduceName } from '../../graph/node.ts'
import { expectAgreement } from './__fixtures__/expect-agreement.ts'
import { GroupBuilder, noise } from './__fixtures__/group-builder.ts'
import { runGroup } from './__fixtures__/run-group.ts'
import { lowerGroup } from './lower-group.ts'

/** Ends of vectors, of unrolled loops and of blocks of sums. */
const sizes = [...Array(21).keys(), 63, 64, 1023, 1024, 1025, 1030, 2049]

const rowsOf = (rows: number, n: number) => new GroupBuilder([rows, n], 'rows', [1])

function reduction(f: ReduceName, dtype: DType, n: number, strided: boolean): GroupBuilder {
  const g = rowsOf(2, n)
  const x = g.load(dtype, strided ? { strides: [1, 3], offset: 2 } : undefined)
  g.store(g.reduce(f, x), 'row')
  return g
}

function softmax(rows: number, n: number): GroupBuilder {
  const g = rowsOf(rows, n)
  const x = g.load('float32')
  const e = g.unary('exp', g.binary('sub', x, g.reduce('max', x)))
  g.store(g.binary('div', e, g.reduce('sum', e)))
  return g
}

function layerNorm(rows: number, n: number): GroupBuilder {
  const g = rowsOf(rows, n)
  const x = g.load('float32')
  const perColumn = { strides: [0, 1], offset: 0 }
  const share = g.constant('float32', 1 / n)
  const centred = g.binary('sub', x, g.binary('mul', g.reduce('sum', x), share))
  const variance = g.binary('mul', g.reduce('sum', g.binary('mul', centred, centred)), share)
  const scale = g.unary('rsqrt', g.binary('add', variance, g.constant('float32', 1e-5)))
  const scaled = g.binary('mul', g.binary('mul', centred, scale), g.load('float32', perColumn))
  g.store(g.binary('add', scaled, g.load('float32', perColumn)))
  g.store(scale, 'row')
  return g
}

describe('a row of any length', () => {
  test.each(['sum', 'prod'] as const)('has its %s', f => {
    for (const n of sizes)
      for (const strided of [false, true]) {
        if (n === 0 && strided) continue
        for (const dtype of ['float32', 'float16'] as const)
          if (f === 'sum' || n < 100) expectAgreement(reduction(f, dtype, n, strided), { tolerance: 1e-3 })
        expectAgreement(reduction(f, 'int32', n, strided))
      }
  })

  test.each(['max', 'min', 'argmax', 'argmin'] as const)('has its %s', f => {
    for (const n of sizes.filter(size => size > 0))
      for (const dtype of ['float32', 'float16', 'int32', 'uint8', 'int8'] as const)
        for (const strided of [false, true]) expectAgreement(reduction(f, dtype, n, strided))
  })

  test.each(['any', 'all', 'max', 'min', 'argmax'] as const)('has its %s of truths', f => {
    for (const n of sizes.filter(size => size > 0)) expectAgreement(reduction(f, 'bool', n, false))
  })

  test('has a softmax', () => {
    for (const n of sizes) expectAgreement(softmax(3, n), { tolerance: 2e-6, cuts: [undefined, 1, 2] })
  })

  test('has a layer norm', () => {
    for (const n of sizes) expectAgreement(layerNorm(3, n), { tolerance: 2e-4 })
  })
})

describe('extremes', () => {
  const places = [0, 1, 3, 4, 15, 16, 17, 30]

  test('are NaN where an element is, and its place is the first', () => {
    for (const at of places)
      for (const f of ['max', 'min', 'argmax', 'argmin'] as const) {
        const data = Float32Array.from(noise(31))
        data[at] = data[30] = Number.NaN
        const g = new GroupBuilder([31], 'rows', [0])
        g.store(g.reduce(f, g.load('float32', undefined, g.buffer('float32', data))), 'row')
        expectAgreement(g)
      }
  })

  test('put -0 below 0', () => {
    for (const at of places)
      for (const f of ['max', 'min'] as const)
        for (const most of [0, -0]) {
          const data = new Float32Array(31).fill(most)
          data[at] = -most
          const g = new GroupBuilder([31], 'rows', [0])
          g.store(g.reduce(f, g.load('float32', undefined, g.buffer('float32', data))), 'row')
          expectAgreement(g)
        }
  })

  test('stand at the first of equal places, infinite ones too', () => {
    for (const value of [1, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0])
      for (const n of [1, 3, 4, 9, 33])
        for (const from of [0, 2, 7]) {
          const data = new Float32Array(n).fill(value)
          data.fill(value - 1, 0, Math.min(from, n - 1))
          for (const f of ['argmax', 'argmin'] as const) {
            const g = new GroupBuilder([n], 'rows', [0])
            g.store(g.reduce(f, g.load('float32', undefined, g.buffer('float32', data))), 'row')
            expectAgreement(g)
          }
        }
  })
})

describe('sums', () => {
  const sumOf = (n: number, strides: number[]) => {
    const g = new GroupBuilder([n], 'rows', [0])
    const data = hostArray('float32', n * strides[0])
    for (const [i, x] of noise(n).entries()) data[i * strides[0]] = x
    const x = g.load('float32', { strides, offset: 0 }, g.buffer('float32', data))
    g.store(g.reduce('sum', x), 'row')
    return runGroup(g.build(), g.data).buffers[1][0]
  }

  test('have the same bits whatever the strides', () => {
    for (const n of [5, 17, 100, 1024, 1029, 5000]) expect(sumOf(n, [3])).toBe(sumOf(n, [1]))
  })

  test('have the same bits whether the loop is unrolled or not', () => {
    for (const n of [3, 18, 100, 1000, 1023, 1025, 1057, 3111]) {
      const values = Float32Array.from(noise(n))
      const build = (costly: boolean) => {
        const g = new GroupBuilder([n], 'rows', [0])
        const x = g.load('float32', undefined, g.buffer('float32', values))
        // The arc tangent stands beside the sum and makes the loop one of single vectors.
        if (costly) g.store(g.reduce('max', g.unary('atan', x)), 'row')
        const sum = g.reduce('sum', x)
        const buffer = g.store(sum, 'row')
        return runGroup(g.build(), g.data).buffers[buffer][0]
      }
      expect(build(true)).toBe(build(false))
    }
  })

  test('of many equal terms stay exact to the last digit', () => {
    const n = 300_000
    const g = new GroupBuilder([n], 'rows', [0])
    g.store(g.reduce('sum', g.load('float32', undefined, g.buffer('float32', new Float32Array(n).fill(0.1)))), 'row')
    const relative = runGroup(g.build(), g.data).buffers[1][0] / (n * Math.fround(0.1)) - 1
    expect(Math.abs(relative)).toBeLessThan(1e-6)
  })

  test('that pass through infinity are what they should be', () => {
    for (const [a, b, sum] of [
      [Number.POSITIVE_INFINITY, 1, Number.POSITIVE_INFINITY],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
      [Number.NaN, 1, Number.NaN],
    ]) {
      const g = new GroupBuilder([2], 'rows', [0])
      g.store(g.reduce('sum', g.load('float32', undefined, g.buffer('float32', Float32Array.of(a, b)))), 'row')
      expect(runGroup(g.build(), g.data).buffers[1][0]).toBe(sum)
    }
  })
})

describe('a kernel over rows', () => {
  test('reads what is one per row, and rows in any order', () => {
    const g = new GroupBuilder([3, 4, 37], 'rows', [2])
    const x = g.load('float32', { strides: [37, 3 * 37, 1], offset: 0 })
    const scale = g.load('float32', { strides: [1, 3, 0], offset: 1 })
    const y = g.binary('mul', x, scale)
    g.store(g.reduce('max', y), 'row')
    g.store(y)
    g.store(g.binary('sub', y, g.reduce('min', y)))
    expectAgreement(g)
  })

  test('writes a value per row to every element', () => {
    const g = rowsOf(3, 21)
    g.store(g.reduce('max', g.load('float32')))
    expectAgreement(g)
  })

  test('keeps several costly values between sweeps', () => {
    for (const n of [3, 16, 50, 1027]) {
      const g = rowsOf(2, n)
      const x = g.load('float32')
      const [e, t] = [g.unary('exp', x), g.unary('tanh', x)]
      const m = g.binary('add', g.reduce('max', e), g.reduce('min', t))
      g.store(g.binary('mul', g.binary('sub', e, m), t))
      expectAgreement(g, { tolerance: 1e-5 })
    }
  })

  test('has one row where all dims are reduced, and rows where rows have one element', () => {
    for (const [space, reduced] of [
      [
        [4, 5],
        [0, 1],
      ],
      [[5, 1], [1]],
      [
        [1, 1],
        [0, 1],
      ],
    ]) {
      const g = new GroupBuilder(space, 'rows', reduced)
      const x = g.load('float32')
      g.store(g.binary('sub', x, g.reduce('max', x)))
      g.store(g.reduce('sum', x), 'row')
      expectAgreement(g, { tolerance: 1e-6 })
    }
  })

  test('needs its reduced dims to join', () => {
    const g = new GroupBuilder([2, 3, 4], 'rows', [1, 2])
    g.store(g.reduce('sum', g.load('float32', { strides: [12, 1, 3], offset: 0 })), 'row')
    expect(() => lowerGroup(g.build(), { relaxed: false })).toThrow(
      'lowerGroup: the reduced dims of rows must join into one dim',
    )
  })

  test('has keys without the length of rows, and units of rows', () => {
    const [a, b] = [softmax(3, 10), softmax(8, 1000)].map(g => lowerGroup(g.build(), { relaxed: false }).phases[0])
    expect(a.key).toBe(b.key)
    expect([a.units, b.units]).toEqual([3, 8])
    expect([a.scratchBytes, b.scratchBytes]).toEqual([48, 4000])
    expect(b.unitCost).toBeGreaterThan(20 * a.unitCost)
  })
})
