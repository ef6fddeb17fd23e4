import { expect, test } from 'vitest'
import { compile } from './__fixtures__/function.ts'
import { type Tile, tiles, writeTile } from './tile.ts'
import { transposeFour } from './transpose.ts'

const [aAt, bAt, outAt] = [4096, 8192, 32768]
const strideWords = 11

function multiply(tile: Tile, steps: number, runs: readonly number[]) {
  const { call, ints, floats } = compile(6, (code, [a, b, steps, out, stride, accumulate]) =>
    writeTile(code, tile, tile.rows, { a, b, steps, out, stride, accumulate }),
  )
  const numbers = tile.integer ? ints : floats
  const element = (i: number) => ((i * 7) % 23) - 11
  // A pair holds two int16, here the element and the one after it.
  const stored = (i: number) => (tile.pair === 2 ? (element(i) & 0xffff) | (element(i + 1) << 16) : element(i))
  for (let i = 0; i < steps * tile.rows; i++) numbers[aAt / 4 + i] = stored(i)
  for (let i = 0; i < steps * tile.columns; i++) numbers[bAt / 4 + i] = stored(i + 5)
  numbers.fill(-1, outAt / 4, outAt / 4 + strideWords * tile.rows)
  for (const accumulate of runs) call(aAt, bAt, steps, outAt, strideWords * 4, accumulate)
  const product = (row: number, column: number) => {
    let sum = 0
    for (let k = 0; k < steps; k++)
      for (let half = 0; half < tile.pair; half++)
        sum += element(k * tile.rows + row + half) * element(k * tile.columns + column + 5 + half)
    return sum
  }
  return { out: [...numbers.subarray(outAt / 4, outAt / 4 + strideWords * tile.rows)], product }
}

test.each(Object.entries(tiles))('%s overwrites or adds whole tiles and nothing else', (_, tile) => {
  for (const steps of [2, 4, 10])
    for (const [runs, times] of [
      [[0], 1],
      [[0, 1], 2],
      [[0, 1, 9], 3],
      [[0, 1, 0], 1],
    ] as const) {
      const { out, product } = multiply(tile, steps, runs)
      out.forEach((value, i) => {
        const [row, column] = [Math.floor(i / strideWords), i % strideWords]
        expect(value).toBe(column < tile.columns ? times * product(row, column) : -1)
      })
    }
})

test.each(Object.entries(tiles))('%s without steps gives zeros, or adds nothing', (_, tile) => {
  const { out } = multiply(tile, 0, [0])
  const inside = (value: number) => out.map((_, i) => (i % strideWords < tile.columns ? value : -1))
  expect(out).toEqual(inside(0))
  expect(multiply(tile, 0, [1]).out).toEqual(inside(-1))
})

test('only the fused tile needs relaxed SIMD', () => {
  expect(Object.entries(tiles).map(([name, { rows, columns, pair }]) => [name, rows, columns, pair])).toEqual([
    ['fused', 6, 8, 1],
    ['plain', 4, 8, 1],
    ['integer', 4, 8, 1],
    ['pairs', 4, 8, 2],
  ])
})

test('four vectors are transposed, also in place', () => {
  const { call, ints } = compile(1, code => {
    const vectors = Array.from({ length: 4 }, () => code.local('v128'))
    vectors.forEach((vector, i) => {
      const offset = i * 16
      code.i32(0).memory('v128.load', offset).set(vector)
    })
    transposeFour(code, vectors, vectors)
    vectors.forEach((vector, i) => {
      const offset = 64 + i * 16
      code.i32(0).get(vector).memory('v128.store', offset)
    })
  })
  ints.set(Array.from({ length: 16 }, (_, i) => i))
  call(0)
  expect([...ints.subarray(16, 32)]).toEqual([0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15])
})
