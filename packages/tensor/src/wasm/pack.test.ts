import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packPanels } from './pack.ts'

const data = Float32Array.from({ length: 2000 }, (_, i) => i + 1)

/** The definition: element d of line l stands at `d * width + l % width` of panel `floor(l / width)`. */
function packedSlowly(lines: { offset: number; stride: number; step: number }, sizes: Record<string, number>) {
  const { count, depth, width, padded } = sizes
  const target = new Float32Array(Math.ceil(count / width) * width * padded)
  for (let line = 0; line < count; line++)
    for (let d = 0; d < depth; d++) {
      const at = Math.floor(line / width) * width * padded + d * width + (line % width)
      target[at] = data[lines.offset + line * lines.stride + d * lines.step]
    }
  return target
}

test.each([4, 6, 8])('panels of %i lines, from any strides', width => {
  fc.assert(
    fc.property(
      fc.record({ count: fc.integer({ min: 1, max: 30 }), depth: fc.integer({ min: 1, max: 20 }) }),
      fc.constantFrom(1, 2),
      fc.constantFrom([0, 20, 1], [3, 1, 30], [0, 0, 1], [5, 2, 0], [1900, -20, -1]),
      ({ count, depth }, unroll, [offset, stride, step]) => {
        const padded = Math.ceil(depth / unroll) * unroll
        const expected = packedSlowly({ offset, stride, step }, { count, depth, width, padded })
        const target = new Float32Array(expected.length + 3).fill(Number.NaN)
        packPanels(target, { data, offset, stride, step }, count, depth, width, padded)
        expect(target.subarray(0, expected.length)).toEqual(expected)
        expect([...target.subarray(expected.length)]).toEqual([Number.NaN, Number.NaN, Number.NaN])
      },
    ),
  )
})

test('a missing line and a missing step are zeros', () => {
  const target = new Float32Array(16).fill(9)
  packPanels(target, { data, offset: 0, stride: 3, step: 1 }, 3, 3, 4, 4)
  expect([...target]).toEqual([1, 4, 7, 0, 2, 5, 8, 0, 3, 6, 9, 0, 0, 0, 0, 0])
})
