import { toFloat } from '../../operand.ts'
import { binary, constant, inFloat32, reduce, reshapeTo, select, takeSlices } from '../../primitive.ts'
import { leaf, type Tensor } from '../../tensor.ts'
import { replaceDim } from './arguments.ts'
import { averageOver } from './average-pool.ts'
import { countsTensor } from './counts.ts'
import { indexLeaf, reshapeView } from './views.ts'

/** Means of x `[N, C, ...]` over windows `[floor(i n / o), ceil((i + 1) n / o))` along each spatial dim. */
export function adaptiveAverage(op: string, x: Tensor, outputs: readonly number[]): Tensor {
  const sizes = x.shape.slice(2)
  if (sizes.every((size, d) => outputs[d] > 0 && size > 0 && size % outputs[d] === 0)) {
    const kernel = sizes.map((size, d) => size / outputs[d])
    const none = sizes.map(() => 0)
    const windows = { kernel, stride: kernel, dilation: sizes.map(() => 1), before: none, outputs }
    return averageOver(op, x, windows, none)
  }
  const bounds = sizes.map((size, d) =>
    Array.from({ length: outputs[d] }, (_, i) => ({
      start: Math.floor((i * size) / outputs[d]),
      end: Math.ceil(((i + 1) * size) / outputs[d]),
    })),
  )
  const counts = bounds.map(list => list.map(({ start, end }) => end - start))
  return inFloat32(op, toFloat(op, x), t => {
    const sums = bounds.reduce((y, list, d) => sumsAlong(op, y, d + 2, list), t)
    return binary(op, 'div', sums, countsTensor(op, counts))
  })
}

/** Sums over windows of uneven length along one dim. */
function sumsAlong(op: string, x: Tensor, dim: number, bounds: readonly { start: number; end: number }[]): Tensor {
  const longest = bounds.reduce((length, { start, end }) => Math.max(length, end - start), 0)
  const places = bounds.flatMap(({ start, end }) =>
    Array.from({ length: longest }, (_, k) => ({ at: Math.min(start + k, end - 1), real: start + k < end })),
  )
  const taken = takeSlices(
    op,
    x,
    dim,
    indexLeaf(
      op,
      places.map(({ at }) => at),
    ),
  )
  const real = leaf(
    op,
    Uint8Array.from(places, place => Number(place.real)),
    'bool',
    [bounds.length, longest],
  )
  const windows = reshapeTo(op, taken, replaceDim(x.shape, dim, bounds.length, longest))
  const along = reshapeView(op, real, [bounds.length, longest, ...x.shape.slice(dim + 1).map(() => 1)])
  return reduce(op, 'sum', select(op, along, windows, constant(op, 0, x.dtype)), [dim + 1])
}
