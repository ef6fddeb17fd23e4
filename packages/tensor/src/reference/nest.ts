import type { Shape } from '../shape.ts'

/** How one array is walked: element strides per dim and a starting offset. */
export interface Walk {
  readonly strides: readonly number[]
  readonly offset: number
}

/** Several arrays walked together: runs of `count` elements along one dim, started at every outer position. */
export interface LoopNest {
  readonly count: number
  /** Per array, the stride within a run. */
  readonly inner: readonly number[]
  /** Per array, where the first run starts. */
  readonly start: readonly number[]
  readonly outer: readonly number[]
  /** Per outer dim, the stride of every array. */
  readonly steps: readonly (readonly number[])[]
}

/** A run shorter than this is exchanged for a longer one along another dim. */
const shortRun = 12

/**
 * Joins neighbouring dims that every array walks evenly, drops dims of size 1, and takes the last dim that is
 * left as the run, or a longer one if that is short. The order along each dim is kept, the order of the dims is not.
 */
export function loopNest(shape: Shape, walks: readonly Walk[]): LoopNest {
  const dims: number[] = []
  const steps: number[][] = []
  for (let d = 0; d < shape.length; d++) {
    if (shape[d] === 1) continue
    const step = walks.map(walk => walk.strides[d])
    const last = dims.length - 1
    if (last >= 0 && steps[last].every((stride, k) => stride === step[k] * shape[d])) {
      dims[last] *= shape[d]
      steps[last] = step
    } else {
      dims.push(shape[d])
      steps.push(step)
    }
  }
  const start = walks.map(walk => walk.offset)
  if (dims.length === 0) return { count: 1, inner: walks.map(() => 1), start, outer: [], steps: [] }
  let at = dims.length - 1
  if (dims[at] < shortRun) for (let d = 0; d < dims.length; d++) if (dims[d] > dims[at]) at = d
  const [count] = dims.splice(at, 1)
  const [inner] = steps.splice(at, 1)
  return { count, inner, start, outer: dims, steps }
}

/** Calls `visit` with the offsets of every array for each run, in row-major order; `at` is reused. */
export function forEachRun({ count, start, outer, steps }: LoopNest, visit: (at: readonly number[]) => void): void {
  let runs = count === 0 ? 0 : 1
  for (const dim of outer) runs *= dim
  const at = start.slice()
  const index = outer.map(() => 0)
  for (let run = 0; run < runs; run++) {
    visit(at)
    for (let d = outer.length - 1; d >= 0; d--) {
      const step = steps[d]
      index[d] += 1
      if (index[d] < outer[d]) {
        for (let k = 0; k < at.length; k++) at[k] += step[k]
        break
      }
      for (let k = 0; k < at.length; k++) at[k] -= step[k] * (outer[d] - 1)
      index[d] = 0
    }
  }
}
