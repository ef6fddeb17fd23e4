import { bytesPerElement, type DType } from '../../dtype.ts'
import { type Group, operandsOf } from '../../fusion/group.ts'
import { contiguousStrides } from '../../shape.ts'
import { type Axis, joinDims } from './joined-space.ts'

/** A way through one buffer; what has the same way shares a pointer. */
export interface Cursor {
  /** Null where positions themselves are asked for, as one byte a position. */
  readonly buffer: number | null
  readonly dtype: DType
  /** Bytes of an element. */
  readonly unit: number
  /** In bytes. */
  readonly offset: number
  /** In bytes, over the axes. */
  readonly strides: readonly number[]
}

/** How a cursor moves along the axis of the innermost loop. */
export type Pattern = 'fixed' | 'contiguous' | 'strided'

/** A group over joined axes. */
export interface Layout {
  readonly group: Group
  readonly axes: readonly Axis[]
  readonly cursors: readonly Cursor[]
  /** Cursor of each instruction, -1 for those without an access. */
  readonly cursorOf: readonly number[]
  /** Cursor of each store. */
  readonly storeCursors: readonly number[]
  /** The first instruction that gives the same value: repeated loads are done once. */
  readonly same: readonly number[]
}

export const patternOf = (cursor: Cursor, axis: number): Pattern =>
  cursor.strides[axis] === 0 ? 'fixed' : cursor.strides[axis] === cursor.unit ? 'contiguous' : 'strided'

/** Row-major strides over the dims that are not left out, 0 along those. */
function denseStrides({ space }: Group, leftOut: readonly number[]): number[] {
  const dense = contiguousStrides(space.map((size, d) => (leftOut.includes(d) ? 1 : size)))
  return dense.map((stride, d) => (leftOut.includes(d) ? 0 : stride))
}

/** The axis that the innermost loop of a kind needs where joining has not left it. */
function missingAxis(kind: Group['kind'], axes: readonly Axis[]): Axis[] {
  const reduced = kind === 'rows'
  const last = axes.at(-1)
  return last && last.reduced === reduced ? [] : [{ size: 1, reduced }]
}

/** Lays out the accesses of a group over as few axes as they allow, the last of them a row's, or a kept one. */
export function layoutOf(group: Group): Layout {
  const { instructions, buffers, stores, space, reduced } = group
  const reading = instructions.flatMap((instruction, i) => ('access' in instruction ? [{ instruction, i }] : []))
  const joined = joinDims(space, reduced, [
    ...reading.map(({ instruction }) => instruction.access.strides),
    ...stores.map(({ each }) => denseStrides(group, each === 'element' ? [] : reduced)),
  ])
  const missing = missingAxis(group.kind, joined.axes)
  const axes = [...joined.axes, ...missing]

  const cursors: Cursor[] = []
  const known = new Map<string, number>()
  const cursorFor = (buffer: number | null, offset: number, strides: readonly number[]): number => {
    const dtype = buffer === null ? 'int32' : buffers[buffer]
    const unit = buffer === null ? 1 : bytesPerElement[dtype]
    const key = [buffer, offset, ...strides].join()
    const index = known.get(key) ?? cursors.length
    if (index === cursors.length) {
      cursors.push({ buffer, dtype, unit, offset: offset * unit, strides: strides.map(stride => stride * unit) })
      known.set(key, index)
    }
    return index
  }
  const cursorOf = instructions.map(() => -1)
  const same = instructions.map((_, i) => i)
  const loads = new Map<number, number>()
  reading.forEach(({ instruction, i }, at) => {
    const buffer = 'buffer' in instruction ? instruction.buffer : null
    cursorOf[i] = cursorFor(buffer, instruction.access.offset, [...joined.strides[at], ...missing.map(() => 0)])
    if (instruction.kind !== 'load') return
    same[i] = loads.get(cursorOf[i]) ?? i
    loads.set(cursorOf[i], same[i])
  })
  const storeCursors = stores.map(({ buffer, each }, at) => {
    const along = each === 'element' || group.kind === 'columns' ? 1 : 0
    return cursorFor(buffer, 0, [...joined.strides[reading.length + at], ...missing.map(() => along)])
  })
  return { group, axes, cursors, cursorOf, storeCursors, same }
}

/** Along which axes each value differs; a reduction's result along none of the reduced ones. */
export function variationOf({ group, axes, cursors, cursorOf }: Layout): boolean[][] {
  const variation: boolean[][] = []
  group.instructions.forEach((instruction, i) => {
    const operands = operandsOf(instruction)
    variation.push(
      axes.map((axis, a) => {
        if (instruction.kind === 'reduce' && axis.reduced) return false
        return (cursorOf[i] >= 0 && cursors[cursorOf[i]].strides[a] !== 0) || operands.some(x => variation[x][a])
      }),
    )
  })
  return variation
}
