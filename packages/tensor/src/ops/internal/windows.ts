import { view } from '../../primitive.ts'
import { contiguousStrides, type Shape, sameShape, sizeOf } from '../../shape.ts'
import type { Tensor } from '../../tensor.ts'
import { stridedView } from './views.ts'

/** Windows that slide over the last dims of a tensor, with one entry per such dim. */
export interface Windows {
  /** Places in a window. */
  readonly kernel: readonly number[]
  /** Distance of neighbouring windows. */
  readonly stride: readonly number[]
  /** Distance of neighbouring places in a window. */
  readonly dilation: readonly number[]
  /** Places in front of the first element at which the first window starts; negative ones lie behind it. */
  readonly before: readonly number[]
  /** How many windows. */
  readonly outputs: readonly number[]
}

/** Distance from the first to the last place of one window, plus one. */
export const spans = ({ kernel, dilation }: Pick<Windows, 'kernel' | 'dilation'>): number[] =>
  kernel.map((size, d) => dilation[d] * (size - 1) + 1)

/** Sizes that all windows together cover. */
export const extents = (windows: Windows): number[] =>
  spans(windows).map((span, d) => (windows.outputs[d] === 0 ? 0 : (windows.outputs[d] - 1) * windows.stride[d] + span))

/** Strides of the places in a window and of the windows, over a row-major grid of `sizes`. */
export function windowStrides(
  { stride, dilation }: Windows,
  sizes: Shape,
): { places: readonly number[]; outputs: readonly number[] } {
  const steps = contiguousStrides(sizes)
  return { places: steps.map((step, d) => step * dilation[d]), outputs: steps.map((step, d) => step * stride[d]) }
}

/** `x` moved `before` places into `shape` along each dim (negative: cropped), with `fill` where it does not reach. */
export function padView(op: string, x: Tensor, before: readonly number[], shape: Shape, fill: number): Tensor {
  const strides = contiguousStrides(x.shape)
  const offset = before.reduce((sum, amount, d) => sum - amount * strides[d], 0)
  const low = before.map((amount, d) => Math.min(shape[d], Math.max(0, amount)))
  const high = before.map((amount, d) => Math.max(low[d], Math.min(shape[d], amount + x.shape[d])))
  if (low.every((at, d) => at === 0 && high[d] === shape[d])) return stridedView(op, x, shape, strides, offset)
  return view(op, x, { shape, strides, offset, guard: { low, high, fill } })
}

/** Whether all windows lie inside of a grid of `sizes`. */
export const within = (windows: Windows, sizes: Shape): boolean =>
  windows.before.every(amount => amount === 0) && extents(windows).every((extent, d) => extent <= sizes[d])

/** `x` itself when all windows lie inside of it, else what they cover, with `fill` around the elements. */
export function coveredBy(op: string, x: Tensor, windows: Windows, fill: number): Tensor {
  const leading = x.shape.slice(0, x.shape.length - windows.kernel.length)
  if (within(windows, x.shape.slice(leading.length))) return x
  return padView(op, x, [...leading.map(() => 0), ...windows.before], [...leading, ...extents(windows)], fill)
}

/**
 * The adjoint of {@link coveredBy} on grids that hold exactly what the windows cover: back to a tensor of `shape`,
 * with zeros where no window reaches.
 */
export function uncovered(op: string, x: Tensor, windows: Windows, shape: Shape): Tensor {
  if (sameShape(x.shape, shape) && windows.before.every(amount => amount === 0)) return x
  const leading = shape.slice(0, shape.length - windows.kernel.length)
  return padView(op, x, [...leading.map(() => 0), ...windows.before.map(amount => -amount)], shape, 0)
}

/** The elements in every window: `[...lead, ...kernel, ...outputs]`, where `lead` is another shape of the leading dims. */
export function windowView(op: string, covered: Tensor, lead: Shape, windows: Windows): Tensor {
  const sizes = covered.shape.slice(-windows.kernel.length)
  const area = sizeOf(sizes)
  const { places, outputs } = windowStrides(windows, sizes)
  return stridedView(
    op,
    covered,
    [...lead, ...windows.kernel, ...windows.outputs],
    [...contiguousStrides(lead).map(step => step * area), ...places, ...outputs],
  )
}
