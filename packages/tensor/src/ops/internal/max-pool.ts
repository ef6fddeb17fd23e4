import { type DType, integerRange, isFloat } from '../../dtype.ts'
import { binary, constant, make, reduce, scatterAlong, select, takeSlices, withRule } from '../../primitive.ts'
import { contiguousStrides, type Shape, sizeOf } from '../../shape.ts'
import type { Tensor } from '../../tensor.ts'
import { indexLeaf, reshapeView, spread, stridedView } from './views.ts'
import { coveredBy, type Windows, windowStrides, windowView, within } from './windows.ts'

/** What is never larger than an element. */
function lowest(dtype: DType): number {
  if (dtype === 'bool') return 0
  return isFloat(dtype) ? Number.NEGATIVE_INFINITY : integerRange[dtype as keyof typeof integerRange][0]
}

/** The elements of all windows of x `[N, C, ...]`: `[N * C, ...kernel, ...outputs]`. */
const elementsOf = (op: string, x: Tensor, windows: Windows): Tensor =>
  windowView(op, coveredBy(op, x, windows, lowest(x.dtype)), [x.shape[0] * x.shape[1]], windows)

const kernelDims = ({ kernel }: Windows): number[] => kernel.map((_, d) => d + 1)

/** The largest element of each window; the gradient goes to the first of them. */
export function maximumOver(op: string, x: Tensor, windows: Windows): Tensor {
  const largest = reduce(op, x.dtype === 'bool' ? 'any' : 'max', elementsOf(op, x, windows), kernelDims(windows))
  const y = reshapeView(op, largest, [x.shape[0], x.shape[1], ...windows.outputs])
  return withRule(op, y, [x], (dy, [x], y) => [toFirst(op, dy, x, y, windows)])
}

/** Adds each dy to the element of x that its window chose. */
function toFirst(op: string, dy: Tensor, x: Tensor, y: Tensor, windows: Windows): Tensor {
  const [n, channels, ...sizes] = x.shape
  const area = sizeOf(sizes)
  const rows = [n * channels, sizeOf(windows.outputs)]
  const real = within(windows, sizes) ? null : firstCells(windows, sizes)
  const width = real?.includes(area) ? area + 1 : area
  const cells = reshapeView(op, real ? paddingNeverWins(op, x, y, windows, real) : chosenCells(op, x, windows), rows)
  const zeros = spread(op, 0, dy.dtype, [rows[0], width])
  const sums = scatterAlong(op, 'add', zeros, 1, cells, reshapeView(op, dy, rows))
  return stridedView(op, sums, x.shape, [channels * width, width, ...contiguousStrides(sizes)])
}

/** Where in the row-major spatial dims of x stands what each window chose: `[N * C, ...outputs]`. */
function chosenCells(op: string, x: Tensor, windows: Windows): Tensor {
  const sizes = x.shape.slice(2)
  const strides = windowStrides(windows, sizes)
  const steps = contiguousStrides(sizes)
  const starts = windows.before.map((amount, d) => -amount * steps[d])
  const places = reduce(op, 'argmax', elementsOf(op, x, windows), kernelDims(windows))
  const table = grid(op, windows.kernel, new Array<number>(sizes.length).fill(0), strides.places)
  const inWindow = takeSlices(op, reshapeView(op, table, [table.size]), 0, reshapeView(op, places, [places.size]))
  const corners = grid(op, windows.outputs, starts, strides.outputs)
  return binary(op, 'add', reshapeView(op, inWindow, places.shape), corners)
}

/** Those cells, but the first real one of a window where all is -Infinity, so that padding equals the largest. */
function paddingNeverWins(op: string, x: Tensor, y: Tensor, windows: Windows, real: readonly number[]): Tensor {
  const cells = chosenCells(op, x, windows)
  const flat = binary(op, 'equal', reshapeView(op, y, cells.shape), constant(op, Number.NEGATIVE_INFINITY, y.dtype))
  return select(op, flat, reshapeView(op, indexLeaf(op, real), windows.outputs), cells)
}

/** The first cell of x in each window; one behind the last where a window sees padding only. */
function firstCells({ stride, dilation, before, outputs }: Windows, sizes: Shape): number[] {
  const steps = contiguousStrides(sizes)
  return sizes
    .reduce<number[]>(
      (cells, size, d) => {
        const along = Array.from({ length: outputs[d] }, (_, i) => {
          const start = i * stride[d] - before[d]
          const first = start < 0 ? start + dilation[d] * Math.ceil(-start / dilation[d]) : start
          return first < size ? first * steps[d] : Number.POSITIVE_INFINITY
        })
        return cells.flatMap(cell => along.map(distance => cell + distance))
      },
      [0],
    )
    .map(cell => Math.min(cell, sizeOf(sizes)))
}

/** `sum_d starts[d] + i[d] * steps[d]` at each index of a grid, int32. */
function grid(op: string, counts: Shape, starts: readonly number[], steps: readonly number[]): Tensor {
  return counts
    .map((count, d) => {
      const along = make(op, { kind: 'iota', start: starts[d], step: steps[d] }, 'int32', [count], [])
      return reshapeView(
        op,
        along,
        counts.map((_, other) => (other === d ? count : 1)),
      )
    })
    .reduce((sum, along) => binary(op, 'add', sum, along))
}
