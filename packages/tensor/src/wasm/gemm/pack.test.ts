import { describe, expect, test } from 'vitest'
import type { DType } from '../../dtype.ts'
import { compile } from './__fixtures__/function.ts'
import { writePack } from './pack.ts'
import { sourceOf } from './source.ts'

const dataAt = 4096
const panelsAt = 32768

/** Packs lines at the given offsets in elements; gives the panels as int32 or float32. */
function pack(
  dtype: DType,
  pair: 1 | 2,
  width: number,
  data: ArrayLike<number>,
  lines: readonly number[],
  steps: readonly number[],
  packedDepth: number,
): number[] {
  const source = sourceOf(dtype, pair)
  const { call, ints, bytes, floats } = compile(6, (code, [lines, count, steps, depth, packedDepth, to]) =>
    writePack(code, source, width, { lines, count, steps, depth, packedDepth, to }),
  )
  const element = source.bytes
  const view = dtype === 'float32' ? floats : element === 4 ? ints : bytes
  view.set(data, dataAt / element)
  const panels = Math.ceil(lines.length / width)
  const padded = [...lines]
  while (padded.length < panels * width) padded.push((padded.at(-1) as number) + 1)
  ints.set(padded.map(line => dataAt + line * element))
  ints.set(
    steps.map(step => step * element),
    512,
  )
  const size = panels * width * packedDepth
  ints.fill(0x5a5a5a5a, panelsAt / 4, panelsAt / 4 + size + 4)
  call(0, lines.length, 2048, steps.length, packedDepth, panelsAt)
  expect([...ints.subarray(panelsAt / 4 + size, panelsAt / 4 + size + 4)]).toEqual(new Array(4).fill(0x5a5a5a5a))
  const result = dtype === 'float32' ? floats : ints
  return [...result.subarray(panelsAt / 4, panelsAt / 4 + size)]
}

/** Compares the elements of the lines that are there, and that steps which are not there are zeros. */
function expectPanels(
  panels: readonly number[],
  width: number,
  lines: readonly number[],
  depth: number,
  packedDepth: number,
  at: (line: number, step: number) => number,
): void {
  for (let i = 0; i < panels.length; i++) {
    const line = Math.floor(i / (width * packedDepth)) * width + (i % width)
    const step = Math.floor(i / width) % packedDepth
    if (step >= depth) expect(panels[i]).toBe(0)
    else if (line < lines.length) expect(panels[i]).toBe(at(line, step))
  }
}

const range = (count: number, stride: number, from = 0) => Array.from({ length: count }, (_, i) => from + i * stride)

describe('numbers of 4 bytes', () => {
  const data = range(3000, 1, 1)
  const windows = [0, 1, 2, 10, 11, 12, 20, 21, 22]
  const cases: [string, number[], number[]][] = [
    ['lines side by side', range(13, 1), range(7, 50)],
    ['lines along memory', range(13, 40), range(11, 1)],
    ['neither', range(13, 40), range(7, 3)],
    ['all alike', range(9, 0), range(6, 0)],
    ['backwards', range(11, -1, 500), range(9, -20)],
    ['fours that are apart', [0, 1, 2, 3, 100, 101, 102, 103, 200, 201], range(5, 30)],
    ['windows along memory', range(10, 1), windows],
    ['windows that are apart', range(10, 60), windows],
    ['one line', [5], range(9, 1)],
    ['one step', range(9, 3), [0]],
  ]

  test.each(cases)('%s', (_, lines, steps) => {
    for (const width of [4, 6, 8])
      for (const dtype of ['float32', 'int32'] as const)
        for (const packedDepth of [steps.length, steps.length + 1]) {
          const panels = pack(dtype, 1, width, data, lines, steps, packedDepth)
          expectPanels(panels, width, lines, steps.length, packedDepth, (line, step) => data[lines[line] + steps[step]])
        }
  })

  test('no depth gives zeros, or nothing', () => {
    expect(pack('float32', 1, 4, data, [0, 1], [], 0)).toEqual([])
    expect(pack('float32', 1, 4, data, [0, 1], [], 1)).toEqual([0, 0, 0, 0])
  })

  test.each(cases)('bytes are widened: %s', (_, lines, steps) => {
    const bytes = data.map(x => (x * 37) % 256)
    const signed = (x: number) => (x << 24) >> 24
    for (const [dtype, value] of [
      ['uint8', (x: number) => x],
      ['int8', signed],
    ] as const) {
      const panels = pack(dtype, 1, 8, bytes, lines, steps, steps.length)
      expectPanels(panels, 8, lines, steps.length, steps.length, (line, step) =>
        value(bytes[lines[line] + steps[step]]),
      )
    }
  })
})

describe('pairs of int16', () => {
  const bytes = range(3000, 1).map(x => (x * 89 + 7) % 256)
  const values = { int8: (x: number) => (x << 24) >> 24, uint8: (x: number) => x }
  const cases: [string, number[], number[]][] = [
    ['lines side by side, odd depth', range(9, 1), range(7, 50)],
    ['lines side by side, even depth', range(9, 1), range(8, 50)],
    ['lines along memory, whole loads', range(9, 70), range(16, 1)],
    ['lines along memory, odd depth', range(9, 70), range(19, 1)],
    ['neither, odd depth', range(9, 70), range(9, 3)],
    ['almost along memory', range(5, 70), [0, 1, 2, 3, 4, 5, 6, 8]],
    ['one of each', [3], [2]],
  ]

  test.each(cases)('%s', (_, lines, steps) => {
    for (const width of [4, 8])
      for (const dtype of ['int8', 'uint8'] as const) {
        const pairs = Math.ceil(steps.length / 2)
        const value = (line: number, step: number) =>
          step < steps.length ? values[dtype](bytes[lines[line] + steps[step]]) : 0
        for (const packedDepth of [pairs, pairs + 1]) {
          const panels = pack(dtype, 2, width, bytes, lines, steps, packedDepth)
          expectPanels(
            panels,
            width,
            lines,
            pairs,
            packedDepth,
            (line, pair) => (value(line, pair * 2) & 0xffff) | (value(line, pair * 2 + 1) << 16),
          )
        }
      }
  })
})
