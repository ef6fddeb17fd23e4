import { binary, takeSlices } from '../../primitive.ts'
import { contiguousStrides } from '../../shape.ts'
import { leaf, type Tensor } from '../../tensor.ts'
import { replaceDim } from './arguments.ts'
import { indexLeaf, reshapeView, sliceView, stridedView } from './views.ts'

/** Where each place of a resampled dim reads, and how much that counts. */
interface Tap {
  readonly index: readonly number[]
  readonly weight: readonly number[]
}

/** Element `floor(i * n / target)` for each i along one dim with n elements. */
export function nearestAlong(op: string, x: Tensor, dim: number, target: number): Tensor {
  const n = x.shape[dim]
  if (target === n) return x
  // Whole multiples are views, and their gradient is a sum instead of a scatter.
  if (n > 0 && target % n === 0) {
    const strides = contiguousStrides(x.shape)
    const repeated = stridedView(
      op,
      x,
      replaceDim(x.shape, dim, n, target / n),
      replaceDim(strides, dim, strides[dim], 0),
    )
    return reshapeView(op, repeated, replaceDim(x.shape, dim, target))
  }
  if (n % target === 0) return sliceView(op, x, dim, 0, target, n / target)
  const index = Array.from({ length: target }, (_, i) => Math.floor((i * n) / target))
  return takeSlices(op, x, dim, indexLeaf(op, index))
}

/** Keys' cubic convolution kernel with a = -3/4 at the distances -1 - t, -t, 1 - t and 2 - t. */
function cubicWeights(t: number): number[] {
  const a = -0.75
  const near = (d: number): number => ((a + 2) * d - (a + 3)) * d * d + 1
  const far = (d: number): number => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
  return [far(1 + t), near(t), near(1 - t), far(2 - t)]
}

const kernels = {
  linear: { first: 0, weights: (t: number) => [1 - t, t] },
  cubic: { first: -1, weights: cubicWeights },
}

/** The neighbours that are blended at each place of a dim resampled from n elements to `target`. */
function taps(n: number, target: number, kernel: keyof typeof kernels, alignCorners: boolean): Tap[] {
  const { first, weights } = kernels[kernel]
  const sources = Array.from({ length: target }, (_, i) => {
    if (alignCorners) return target === 1 ? 0 : (i * (n - 1)) / (target - 1)
    const source = ((i + 0.5) * n) / target - 0.5
    return kernel === 'linear' ? Math.max(0, source) : source
  })
  return weights(0).map((_, k) => ({
    index: sources.map(source => Math.min(n - 1, Math.max(0, Math.floor(source) + first + k))),
    weight: sources.map(source => weights(source - Math.floor(source))[k]),
  }))
}

/** Weighted sums of neighbours along one dim, as many as `target`. */
export function blendAlong(
  op: string,
  x: Tensor,
  dim: number,
  target: number,
  kernel: keyof typeof kernels,
  alignCorners: boolean,
): Tensor {
  if (target === x.shape[dim]) return x
  const trailing = x.shape.slice(dim + 1).map(() => 1)
  return taps(x.shape[dim], target, kernel, alignCorners)
    .map(({ index, weight }) => {
      const along = leaf(op, Float32Array.from(weight), 'float32', [target, ...trailing])
      return binary(op, 'mul', takeSlices(op, x, dim, indexLeaf(op, index)), along)
    })
    .reduce((sum, term) => binary(op, 'add', sum, term))
}
