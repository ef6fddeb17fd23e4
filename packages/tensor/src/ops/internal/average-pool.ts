import { toFloat } from '../../operand.ts'
import { binary, inFloat32, reduce } from '../../primitive.ts'
import type { Tensor } from '../../tensor.ts'
import { countsTensor } from './counts.ts'
import { reshapeView } from './views.ts'
import { coveredBy, type Windows, windowView } from './windows.ts'

/** How many of the places of each window lie in `[-padding, size + padding)`, along one dim of windows without gaps. */
function countsAlong({ kernel, stride, before, outputs }: Windows, d: number, size: number, padding: number): number[] {
  return Array.from({ length: outputs[d] }, (_, i) => {
    const start = i * stride[d] - before[d]
    return Math.min(start + kernel[d], size + padding) - Math.max(start, -padding)
  })
}

/** The mean of each window of x `[N, C, ...]` over its places in x and in `counted` places on either side of it. */
export function averageOver(op: string, x: Tensor, windows: Windows, counted: readonly number[]): Tensor {
  const [n, channels, ...sizes] = x.shape
  const counts = sizes.map((size, d) => countsAlong(windows, d, size, counted[d]))
  return inFloat32(op, toFloat(op, x), t => {
    const elements = windowView(op, coveredBy(op, t, windows, 0), [n * channels], windows)
    const sums = reduce(
      op,
      'sum',
      elements,
      windows.kernel.map((_, d) => d + 1),
    )
    return binary(op, 'div', reshapeView(op, sums, [n, channels, ...windows.outputs]), countsTensor(op, counts))
  })
}
