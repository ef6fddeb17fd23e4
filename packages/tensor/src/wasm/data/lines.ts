import { denseWalk } from '../../reference/copy.ts'
import type { Walk } from '../../reference/nest.ts'
import type { Shape } from '../../shape.ts'
import type { DataOperand } from './frame.ts'
import { planRuns, type Runs } from './runs.ts'

/** Lines along a dim, and how far apart in elements the places of a line are. */
export interface Lines {
  readonly runs: Runs
  readonly to: number
  readonly from: number
}

const across = ({ strides, offset }: Walk, dim: number): Walk => ({
  strides: strides.filter((_, d) => d !== dim),
  offset,
})

/** The lines of a dense result and of its operand along a dim; a unit does `lines` of them. */
export function planLines(
  x: DataOperand,
  shape: Shape,
  dim: number,
  widths: readonly [number, number],
  lines: number,
): Lines {
  const to = denseWalk(shape)
  const rest = shape.filter((_, d) => d !== dim)
  const walks = [to, x.map].map((walk, k) => ({ ...across(walk, dim), width: widths[k] }))
  return { runs: planRuns(rest, walks, lines), to: to.strides[dim], from: x.map.strides[dim] }
}
