import { broadcastTo, contract, fold, reduce } from '../../primitive.ts'
import { contiguousStrides, type Shape, sizeOf } from '../../shape.ts'
import type { Tensor } from '../../tensor.ts'
import { permuteView, reshapeView, stridedView } from './views.ts'
import { coveredBy, extents, uncovered, type Windows, windowStrides, windowView } from './windows.ts'

/*
 * Each product is one `contract` of reshaped views: windows are read where they stand, with batch dims first, then
 * channels and places of the kernel, then positions, so that an executor need not copy them.
 */

/** A convolution of x `[N, C, ...sizes]` with weight `[O, C/groups, ...kernel]` to y `[N, O, ...outputs]`. */
export interface Convolution {
  /** The op, for messages. */
  readonly op: string
  readonly groups: number
  readonly windows: Windows
  /** Spatial sizes of x. */
  readonly sizes: Shape
}

/** y of x and weight. */
export function correlate({ op, groups, windows }: Convolution, x: Tensor, weight: Tensor): Tensor {
  const [outputs, channels] = weight.shape
  const matrices = reshapeView(op, weight, [groups, outputs / groups, channels * sizeOf(windows.kernel)])
  return windowProduct(op, x, channels, windows, matrices)
}

/** All windows of x times matrices `[groups, O/groups, channels * places]`. */
function windowProduct(op: string, x: Tensor, channels: number, windows: Windows, matrices: Tensor): Tensor {
  const [groups, rows, depth] = matrices.shape
  const n = x.shape[0]
  const elements = windowView(op, coveredBy(op, x, windows, 0), [n * groups, channels], windows)
  const columns = reshapeView(op, elements, [n * groups, depth, sizeOf(windows.outputs)])
  const y = contract(op, perSample(op, matrices, n), columns)
  return reshapeView(op, y, [n, groups * rows, ...windows.outputs])
}

/** Matrices `[groups, rows, columns]` for each of n samples: `[n * groups, rows, columns]`. */
function perSample(op: string, matrices: Tensor, n: number): Tensor {
  const [groups, rows, columns] = matrices.shape
  if (groups === 1) return broadcastTo(op, matrices, [n, rows, columns])
  return reshapeView(op, broadcastTo(op, matrices, [n, groups, rows, columns]), [n * groups, rows, columns])
}

/** x of y and weight, for strides of 1: y under the weights in reverse order, inputs and outputs exchanged. */
export function byFlippedWeights({ op, groups, windows, sizes }: Convolution, y: Tensor, weight: Tensor): Tensor {
  const [outputs, channels] = weight.shape
  const [perOutput, perInput, ...places] = contiguousStrides(weight.shape)
  const rows = outputs / groups
  const flipped = stridedView(
    op,
    weight,
    [groups, channels, rows, ...windows.kernel],
    [rows * perOutput, perInput, perOutput, ...places.map(step => -step)],
    perInput - 1,
  )
  const before = windows.kernel.map((size, d) => windows.dilation[d] * (size - 1) - windows.before[d])
  const matrices = reshapeView(op, flipped, [groups, channels, rows * perInput])
  return windowProduct(op, y, rows, { ...windows, before, outputs: sizes }, matrices)
}

/** x of y and weight: what each y gives to the places of its window, added up where windows overlap. */
export function byOverlapAdding({ op, groups, windows, sizes }: Convolution, y: Tensor, weight: Tensor): Tensor {
  const n = y.shape[0]
  const [outputs, channels] = weight.shape
  const [rows, depth] = [outputs / groups, channels * sizeOf(windows.kernel)]
  const matrices = permuteView(op, reshapeView(op, weight, [groups, rows, depth]), [0, 2, 1])
  const positions = reshapeView(op, y, [n * groups, rows, sizeOf(windows.outputs)])
  const covered = extents(windows)
  const area = sizeOf(covered)
  const strides = windowStrides(windows, covered)
  const map = {
    shape: [n * groups, channels, ...windows.kernel, ...windows.outputs],
    strides: [channels * area, area, ...strides.places, ...strides.outputs],
    offset: 0,
    guard: null,
  }
  const elements = reshapeView(op, contract(op, perSample(op, matrices, n), positions), map.shape)
  const x = fold(op, elements, map, [n, groups * channels, ...covered])
  return uncovered(op, x, windows, [n, groups * channels, ...sizes])
}

/** weight of x and y: a product over all positions of all samples. */
export function weightProduct({ op, groups, windows, sizes }: Convolution, x: Tensor, y: Tensor): Tensor {
  const [n, outputs] = y.shape
  const [rows, channels] = [outputs / groups, x.shape[1] / groups]
  const [depth, positions] = [channels * sizeOf(windows.kernel), sizeOf(windows.outputs)]
  const covered = coveredBy(op, x, windows, 0)
  const area = sizeOf(covered.shape.slice(2))
  const strides = windowStrides(windows, covered.shape.slice(2))
  const gathered = (lead: Shape, leadStrides: readonly number[]): Tensor =>
    stridedView(
      op,
      covered,
      [...lead, ...windows.outputs, channels, ...windows.kernel],
      [...leadStrides, ...strides.outputs, area, ...strides.places],
    )
  const shape = [outputs, channels, ...windows.kernel]
  if (groups > 1 && sizes.length > 2) {
    // Dims for samples and groups both would exceed the highest rank: a product for each sample, then their sum.
    const elements = gathered([n * groups], [channels * area])
    const products = contract(
      op,
      reshapeView(op, y, [n * groups, rows, positions]),
      reshapeView(op, elements, [n * groups, positions, depth]),
    )
    return reshapeView(op, reduce(op, 'sum', reshapeView(op, products, [n, groups * rows * depth]), [0]), shape)
  }
  const perInput = groups * channels * area
  const elements = groups === 1 ? gathered([n], [perInput]) : gathered([groups, n], [channels * area, perInput])
  const slopes = permuteView(op, reshapeView(op, y, [n, groups, rows, positions]), [1, 2, 0, 3])
  const product = contract(
    op,
    reshapeView(op, slopes, [groups, rows, n * positions]),
    reshapeView(op, elements, [groups, n * positions, depth]),
  )
  return reshapeView(op, product, shape)
}
