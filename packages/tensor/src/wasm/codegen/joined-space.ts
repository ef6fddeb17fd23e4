import type { Shape } from '../../shape.ts'

/** A dim of the space that kernels walk. */
export interface Axis {
  readonly size: number
  readonly reduced: boolean
}

/** A space with as few dims as its accesses allow. */
export interface JoinedSpace {
  readonly axes: readonly Axis[]
  /** Strides of each access over the axes. */
  readonly strides: readonly (readonly number[])[]
}

/**
 * Leaves out dims of size 1 and joins neighbours that every access walks as one, so that most kernels have one or two
 * axes. Kept and reduced dims stay apart.
 */
export function joinDims(
  space: Shape,
  reduced: readonly number[],
  accesses: readonly (readonly number[])[],
): JoinedSpace {
  const axes: Axis[] = []
  const strides: number[][] = accesses.map(() => [])
  space.forEach((size, d) => {
    if (size === 1) return
    const axis = { size, reduced: reduced.includes(d) }
    const last = axes.length - 1
    const joins =
      last >= 0 &&
      axes[last].reduced === axis.reduced &&
      accesses.every((access, i) => strides[i][last] === access[d] * size)
    if (joins) axes[last] = { ...axis, size: axes[last].size * size }
    else axes.push(axis)
    accesses.forEach((access, i) => {
      strides[i][axes.length - 1] = access[d]
    })
  })
  return { axes, strides }
}
