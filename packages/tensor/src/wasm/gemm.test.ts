import { afterEach, expect, test, vi } from 'vitest'
import { type GemmVariant, gemmModule, gemmTiles, loadGemm } from './gemm.ts'

const variants: GemmVariant[] = ['madd', 'mulAdd']

afterEach(() => {
  vi.restoreAllMocks()
  vi.resetModules()
})

test.each(variants)('the %s module is valid and small enough for a browser main thread', variant => {
  const bytes = gemmModule(variant)
  expect(WebAssembly.validate(bytes)).toBe(true)
  expect(bytes.length).toBeLessThan(4096)
})

test.each(variants)('%s multiplies panels, overwriting or adding', variant => {
  const { tile, memory, block } = loadGemm(variant)
  const [rowPanels, columnPanels, depth] = [3, 2, 4]
  const [rows, columns] = [rowPanels * tile.rows, columnPanels * tile.columns]
  const a = new Float32Array(memory.buffer, 0, rows * depth)
  const b = new Float32Array(memory.buffer, 4096, columns * depth)
  const c = new Float32Array(memory.buffer, 8192, rows * (columns + 4))
  const elementOfA = (row: number, k: number) => ((row * 7 + k * 3) % 11) - 5
  const elementOfB = (k: number, column: number) => ((column * 5 + k * 2) % 13) - 6
  for (let k = 0; k < depth; k++) {
    for (let row = 0; row < rows; row++)
      a[Math.floor(row / tile.rows) * tile.rows * depth + k * tile.rows + (row % tile.rows)] = elementOfA(row, k)
    for (let column = 0; column < columns; column++) {
      const panel = Math.floor(column / tile.columns) * tile.columns * depth
      b[panel + k * tile.columns + (column % tile.columns)] = elementOfB(k, column)
    }
  }
  const product = (row: number, column: number) => {
    let sum = 0
    for (let k = 0; k < depth; k++) sum += elementOfA(row, k) * elementOfB(k, column)
    return sum
  }
  const expected = (times: number) =>
    Float32Array.from(c, (_, i) => {
      const [row, column] = [Math.floor(i / (columns + 4)), i % (columns + 4)]
      return column < columns ? times * product(row, column) : -1
    })
  c.fill(-1)
  const run = (accumulate: number) =>
    block(a.byteOffset, b.byteOffset, c.byteOffset, (columns + 4) * 4, rowPanels, columnPanels, depth, accumulate)
  run(0)
  expect(c).toEqual(expected(1))
  run(1)
  expect(c).toEqual(expected(2))
  run(0)
  expect(c).toEqual(expected(1))
})

test('every variant is compiled once, all in one memory', () => {
  expect(loadGemm('madd')).toBe(loadGemm('madd'))
  expect(loadGemm('mulAdd').memory).toBe(loadGemm('madd').memory)
})

test('without a name the fastest variant of the runtime is used', async () => {
  const fresh = await import('./gemm.ts')
  expect(fresh.loadGemm().tile).toEqual(gemmTiles.madd)
})

test('without relaxed SIMD the tile is multiplied and added', async () => {
  const relaxed = gemmModule('madd').length
  const validate = WebAssembly.validate
  vi.spyOn(WebAssembly, 'validate').mockImplementation(bytes => bytes.byteLength !== relaxed && validate(bytes))
  const fresh = await import('./gemm.ts')
  expect(fresh.loadGemm().tile).toEqual(gemmTiles.mulAdd)
})

test('a runtime without SIMD, or without WebAssembly, is told so', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
  const { loadGemm: load } = await import('./gemm.ts')
  const message = 'tensor: this runtime has no WebAssembly SIMD'
  expect(() => load()).toThrow(expect.objectContaining({ name: 'SurprisalError', code: 'device', message }))
  vi.stubGlobal('WebAssembly', undefined)
  try {
    expect(() => load('mulAdd')).toThrow(message)
  } finally {
    vi.unstubAllGlobals()
  }
})
