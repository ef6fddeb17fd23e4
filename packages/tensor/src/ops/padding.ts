import { SurprisalError } from '../error.ts'
import { asTensor, promotePair } from '../operand.ts'
import { takeSlices, view } from '../primitive.ts'
import { checkShape, contiguousStrides, shapeText } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { elementOf, got } from './internal/arguments.ts'
import { optionsOf } from './internal/checks.ts'
import { indexLeaf, sameView, stridedView } from './internal/views.ts'

/** Options of {@link pad}. */
export interface PadOptions {
  /**
   * What stands in the new places: a value, the tensor mirrored at its border element, its border element, or the
   * tensor's other end. @default 'constant'
   */
  mode?: 'constant' | 'reflect' | 'replicate' | 'circular'
  /** The value of mode `constant`: a fractional one makes an integer tensor float32. @default 0 */
  value?: number | boolean
}

/** Index of the source for place `i` (negative in front) of a dim with `size` elements. */
const sourceIndex: Record<string, (i: number, size: number) => number> = {
  reflect: (i, size) => (i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i),
  replicate: (i, size) => Math.min(size - 1, Math.max(0, i)),
  circular: (i, size) => (i + size) % size,
}

/**
 * Adds places around a tensor.
 * @param pads pairs that start at the **last** dim: `[left, right, top, bottom, ...]`; negative amounts crop (mode
 * `constant` only)
 * @throws {SurprisalError} `argument` for odd or too many pads, for reflect pads not smaller than their dim, circular
 * pads larger than it, or replicate pads of an empty dim
 */
export function pad(x: TensorLike, pads: readonly number[], options: PadOptions = {}): Tensor {
  const { mode = 'constant', value = 0 } = optionsOf('pad', options)
  const t = asTensor('pad', 'x', x)
  const rank = t.shape.length
  if (!Array.isArray(pads) || pads.some(amount => !Number.isInteger(amount)))
    throw new SurprisalError(
      'argument',
      `pad: pads must be integers, got ${Array.isArray(pads) ? shapeText(pads) : got(pads)}`,
    )
  if (pads.length % 2 !== 0 || pads.length > 2 * rank)
    throw new SurprisalError('argument', `pad: pads must be pairs for at most ${rank} dims, got ${shapeText(pads)}`)
  if (mode !== 'constant' && !(mode in sourceIndex))
    throw new SurprisalError(
      'argument',
      `pad: mode must be constant, reflect, replicate or circular, got ${String(mode)}`,
    )
  const before = t.shape.map((_, d) => pads[2 * (rank - 1 - d)] ?? 0)
  const after = t.shape.map((_, d) => pads[2 * (rank - 1 - d) + 1] ?? 0)
  const shape = t.shape.map((size, d) => size + before[d] + after[d])
  if (shape.some(size => size < 0))
    throw new SurprisalError(
      'argument',
      `pad: pads ${shapeText(pads)} crop more than there is of shape ${shapeText(t.shape)}`,
    )
  checkShape('pad', shape)
  if (mode === 'constant') {
    const source = t.dtype === 'bool' ? t : promotePair('pad', t, value)[0]
    return padConstant(source, before, shape, elementOf(value, source.dtype))
  }
  for (const [d, size] of t.shape.entries()) checkSource(mode, pads, [before[d], after[d]], size, d)
  const index = sourceIndex[mode]
  return t.shape.reduce(
    (y, size, d) =>
      shape[d] === size
        ? y
        : takeSlices(
            'pad',
            y,
            d,
            indexLeaf(
              'pad',
              Array.from({ length: shape[d] }, (_, i) => index(i - before[d], size)),
            ),
          ),
    sameView('pad', t),
  )
}

function padConstant(x: Tensor, before: readonly number[], shape: readonly number[], fill: number): Tensor {
  const strides = contiguousStrides(x.shape)
  const offset = before.reduce((sum, amount, d) => sum - amount * strides[d], 0)
  const low = before.map((amount, d) => Math.min(shape[d], Math.max(0, amount)))
  const high = before.map((amount, d) => Math.max(low[d], Math.min(shape[d], amount + x.shape[d])))
  if (low.every((at, d) => at === 0 && high[d] === shape[d])) return stridedView('pad', x, shape, strides, offset)
  return view('pad', x, { shape, strides, offset, guard: { low, high, fill } })
}

function checkSource(
  mode: string,
  pads: readonly number[],
  amounts: readonly number[],
  size: number,
  dim: number,
): void {
  const most = Math.max(...amounts)
  if (Math.min(...amounts) < 0)
    throw new SurprisalError('argument', `pad: only mode constant takes negative pads, got ${shapeText(pads)}`)
  if (mode === 'reflect' && most > 0 && most >= size)
    throw new SurprisalError(
      'argument',
      `pad: reflect needs pads smaller than the dim, got ${most} for dim ${dim} with size ${size}`,
    )
  if (mode === 'circular' && most > size)
    throw new SurprisalError(
      'argument',
      `pad: circular needs pads of at most the dim, got ${most} for dim ${dim} with size ${size}`,
    )
  if (mode === 'replicate' && most > 0 && size === 0)
    throw new SurprisalError('argument', `pad: replicate needs an element to repeat, dim ${dim} has size 0`)
}
