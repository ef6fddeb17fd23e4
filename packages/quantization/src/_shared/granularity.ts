import type { Shape } from '@surprisal/tensor'
import { fail, shapeText } from './arguments.ts'

/** Which numbers share one scale. */
export interface GranularityOptions {
  /**
   * `'tensor'` all of them, `'channel'` those of one index along `axis`, `'token'` those of one row (the last dim), as one
   * vector of a batch, `'group'` those of one run of `groupSize` along the last dim. @default 'tensor'
   */
  granularity?: 'tensor' | 'channel' | 'token' | 'group'
  /** Axis of `'channel'`; negatives count from the end. @default 0 */
  axis?: number
  /** Length of the runs of `'group'`, which divides the last dim. Required there. */
  groupSize?: number
}

/** How a tensor is cut into blocks of one scale each. */
export interface Blocks {
  /** Shape in which the blocks are reduced along `dims`. */
  readonly view: readonly number[]
  readonly dims: readonly number[]
  /** `view` with the reduced dims as 1, to which scales broadcast. */
  readonly kept: readonly number[]
  /** Shape of the scales that users see. */
  readonly scale: readonly number[]
}

/** The blocks of a shape. */
export function blocksOf(op: string, name: string, shape: Shape, options: GranularityOptions): Blocks {
  const { granularity = 'tensor', axis = 0, groupSize } = options
  if (granularity !== 'tensor' && shape.length === 0)
    fail('shape', op, `${name} must have at least one dim for granularity '${granularity}', got shape []`)
  const last = shape.length - 1
  switch (granularity) {
    case 'tensor':
      return layout(shape, [...shape.keys()], [])
    case 'token':
      return layout(shape, [last], shape.slice(0, -1))
    case 'channel': {
      const rank = shape.length
      if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
        fail('argument', op, `axis must be an integer in [${-rank}, ${rank - 1}], got ${String(axis)}`)
      const channel = axis < 0 ? axis + rank : axis
      const others = [...shape.keys()].filter(dim => dim !== channel)
      return layout(shape, others, [shape[channel]])
    }
    case 'group': {
      const groups = groupCount(op, name, shape, groupSize)
      const size = groupSize as number
      return layout([...shape.slice(0, -1), groups, size], [shape.length], [...shape.slice(0, -1), groups])
    }
    default:
      return fail('argument', op, `granularity must be tensor|channel|token|group, got '${String(granularity)}'`)
  }
}

/** How many runs of `groupSize` the last dim holds. */
function groupCount(op: string, name: string, shape: Shape, groupSize: number | undefined): number {
  const width = shape[shape.length - 1]
  if (!Number.isInteger(groupSize) || (groupSize as number) < 1 || width % (groupSize as number) !== 0)
    fail('argument', op, `groupSize must divide the last dim of ${name} ${shapeText(shape)}, got ${String(groupSize)}`)
  return width / (groupSize as number)
}

const layout = (view: readonly number[], dims: readonly number[], scale: readonly number[]): Blocks => ({
  view,
  dims,
  kept: view.map((size, dim) => (dims.includes(dim) ? 1 : size)),
  scale,
})
