import { SurprisalError } from '../../error.ts'
import { type Shape, shapeText } from '../../shape.ts'
import { type PerDim, perDim, requireFit } from './spatial.ts'
import { spans, type Windows } from './windows.ts'

interface PoolOptions {
  stride?: PerDim
  padding?: PerDim
  dilation?: PerDim
  ceilMode?: boolean
}

/** The windows of a pooling over spatial dims of these sizes, and the padding on either side. */
export function poolWindows(
  op: string,
  sizes: Shape,
  kernelSize: PerDim,
  options: PoolOptions,
): { windows: Windows; padding: readonly number[] } {
  const rank = sizes.length
  const kernel = perDim(op, 'kernelSize', kernelSize, rank, 1)
  const stride = perDim(op, 'stride', options.stride ?? kernel, rank, 1)
  const padding = perDim(op, 'padding', options.padding ?? 0, rank, 0)
  const dilation = perDim(op, 'dilation', options.dilation ?? 1, rank, 1)
  const spanned = spans({ kernel, dilation })
  if (padding.some((amount, d) => 2 * amount > spanned[d]))
    throw new SurprisalError(
      'argument',
      `${op}: padding must be at most half of the kernel ${shapeText(spanned)}, got ${shapeText(padding)}`,
    )
  const padded = sizes.map((size, d) => size + 2 * padding[d])
  requireFit(op, spanned, padded)
  const outputs = padded.map((size, d) => {
    const steps = (size - spanned[d]) / stride[d]
    if (!options.ceilMode) return Math.floor(steps) + 1
    const last = Math.ceil(steps)
    return last * stride[d] < sizes[d] + padding[d] ? last + 1 : last
  })
  return { windows: { kernel, stride, dilation, before: padding, outputs }, padding }
}
