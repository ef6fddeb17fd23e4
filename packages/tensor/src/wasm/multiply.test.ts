import { describe, expect, test } from 'vitest'
import { type GemmVariant, loadGemm } from './gemm.ts'
import { multiplyBlocked, reserveWorkspace } from './multiply.ts'

/** Integers so small that every sum below is exact, in whatever order. */
const integers = (length: number, seed: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => ((Math.imul(i + seed, 2654435761) >>> 24) % 7) - 3)

/** Exact elements of the product, a few of every block. */
function spotChecks(m: number, n: number): [number, number][] {
  const near = (size: number) => [0, 1, 119, 120, 127, 239, 240, 512, 519, 520, size - 2, size - 1].filter(i => i >= 0)
  return near(m)
    .flatMap(i => near(n).map((j): [number, number] => [i, j]))
    .filter(([i, j]) => i < m && j < n)
}

describe.each<GemmVariant>(['madd', 'mulAdd'])('%s', variant => {
  test.each([
    [241, 40, 24],
    [24, 513, 40],
    [40, 24, 1025],
    [241, 513, 1025],
    [7, 1100, 9],
    [500, 3, 2100],
  ])('[%i, %i] x [.., %i] across the edges of blocks', (m, k, n) => {
    const gemm = loadGemm(variant)
    const a = integers(m * k, 1)
    const b = integers(k * n, 2)
    const out = new Float32Array(m * n + 2).fill(Number.NaN)
    const sizes = { m, k, n }
    const left = { data: a, offset: 0, rowStride: k, columnStride: 1 }
    const right = { data: b, offset: 0, rowStride: 1, columnStride: k }
    multiplyBlocked(reserveWorkspace(gemm, sizes), left, right, sizes, out, 1)
    for (const [i, j] of spotChecks(m, n)) {
      let sum = 0
      for (let step = 0; step < k; step++) sum += a[i * k + step] * b[j * k + step]
      expect(out[1 + i * n + j], `element ${i}, ${j}`).toBe(sum)
    }
    expect([out[0], out[m * n + 1]]).toEqual([Number.NaN, Number.NaN])
    expect(out.subarray(1, m * n + 1).some(Number.isNaN)).toBe(false)
  })
})

test('the memory stays at the size of the largest blocks', () => {
  const gemm = loadGemm()
  const largest = reserveWorkspace(gemm, { m: 5000, k: 5000, n: 5000 })
  const bytes = (largest.a.length + largest.b.length + largest.c.length) * 4
  expect(bytes).toBeLessThan(3.6e6)
  expect(gemm.memory.buffer.byteLength - bytes).toBeLessThan(65536)
  const before = gemm.memory.buffer
  reserveWorkspace(gemm, { m: 100000, k: 3, n: 100000 })
  expect(gemm.memory.buffer).toBe(before)
})

test('blocks are equal in size rather than full with a rest', () => {
  const { rows, columns, depth } = reserveWorkspace(loadGemm('madd'), { m: 241, k: 513, n: 1025 })
  expect([rows, columns, depth]).toEqual([126, 520, 257])
})
