import { bytesPerElement } from '../dtype.ts'
import type { Step, Steps } from '../fusion/steps.ts'
import { isContiguous } from '../graph/affine.ts'
import { sizeOf } from '../shape.ts'

/** Where temporary values stand in the memory of a plan. */
export interface MemoryPlan {
  /** Offset of a temporary value; absent for leaves, numbers and outputs. */
  readonly offsets: ReadonlyMap<number, number>
  /** Offset of the workspace of each step that has one. */
  readonly workspaces: ReadonlyMap<number, number>
  readonly bytes: number
}

interface Interval {
  readonly bytes: number
  readonly from: number
  to: number
  offset: number
}

const align = (bytes: number): number => Math.ceil((bytes + 64) / 64) * 64

/** A value whose place a fused kernel may write its result to: read for the last time, element by element in order. */
function reusable(
  step: Step,
  last: ReadonlyMap<number, number>,
  at: number,
  made: number,
  bytes: (v: number) => number,
) {
  if (step.kind !== 'fused' || step.group.kind !== 'pointwise') return undefined
  const { instructions, space, buffers } = step.group
  const widthOf = (value: number): number => bytesPerElement[buffers[step.buffers.indexOf(value)]]
  return step.needs.find(
    need =>
      last.get(need) === at &&
      bytes(need) === bytes(made) &&
      widthOf(need) === widthOf(made) &&
      instructions.every(
        instruction =>
          !('buffer' in instruction) ||
          step.buffers[instruction.buffer] !== need ||
          (instruction.kind === 'load' &&
            isContiguous({ shape: space, guard: null, ...instruction.access }) &&
            instruction.access.offset === 0),
      ),
  )
}

/**
 * Places temporaries so that those which live at the same time do not overlap: the largest first, each at the lowest
 * free offset.
 */
export function planMemory({ values, steps, outputs }: Steps, workspaceBytes: readonly number[]): MemoryPlan {
  const kept = new Set(outputs)
  const last = new Map<number, number>()
  steps.forEach(({ needs }, at) => {
    for (const need of needs) last.set(need, at)
  })
  const bytesOf = (value: number): number => {
    const { shape, dtype } = values[value].node
    return sizeOf(shape) * bytesPerElement[dtype]
  }
  const intervals = new Map<number, Interval>()
  const workspaces = new Map<number, Interval>()
  const all: Interval[] = []
  const open = (bytes: number, from: number, to: number): Interval => {
    const interval = { bytes: align(bytes), from, to, offset: 0 }
    all.push(interval)
    return interval
  }
  steps.forEach((step, at) => {
    const taken = new Set<number>()
    for (const made of step.makes) {
      if (kept.has(made)) continue
      const end = last.get(made) ?? at
      const before = reusable(step, last, at, made, bytesOf)
      const interval = before !== undefined && !taken.has(before) ? intervals.get(before) : undefined
      if (interval && before !== undefined) {
        taken.add(before)
        interval.to = end
        intervals.set(made, interval)
      } else intervals.set(made, open(bytesOf(made), at, end))
    }
    if (workspaceBytes[at] > 0) workspaces.set(at, open(workspaceBytes[at], at, at))
  })
  const placed: Interval[] = []
  let bytes = 0
  for (const interval of all.sort((a, b) => b.bytes - a.bytes)) {
    const busy = placed
      .filter(other => other.from <= interval.to && other.to >= interval.from)
      .sort((a, b) => a.offset - b.offset)
    for (const other of busy) {
      if (other.offset >= interval.offset + interval.bytes) break
      interval.offset = Math.max(interval.offset, other.offset + other.bytes)
    }
    placed.push(interval)
    bytes = Math.max(bytes, interval.offset + interval.bytes)
  }
  const offsets = (map: ReadonlyMap<number, Interval>) =>
    new Map([...map].map(([value, { offset }]) => [value, offset]))
  return { offsets: offsets(intervals), workspaces: offsets(workspaces), bytes }
}
