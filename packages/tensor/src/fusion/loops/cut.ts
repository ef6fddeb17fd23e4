import { sizeOf } from '../../shape.ts'
import type { Group, Instruction } from '../group.ts'
import type { KernelStep, Step } from '../steps.ts'
import type { Read, Value } from '../values.ts'
import { blockOf, type Counts, joined, leadingDims, type Moves, movesAlong, rowMoves, totalOf } from './rows.ts'

/** A step that can be done for some rows at a time. */
export interface Cut {
  /** Of each read of a value, how far a count moves it. */
  readonly reads: readonly { readonly value: number; readonly moves: Moves }[]
  /** Whether what it makes is a sum over the rows of a batch instead of values of rows. */
  readonly sums: boolean
  /**
   * The step for `rows` rows of one batch.
   * @param renamed the value that stands for another one, of which only those rows exist
   */
  block(rows: number, renamed: (value: number) => number): { step: KernelStep; moves: readonly Moves[] }
}

const still = (counts: Counts): Moves => counts.map(() => 0)

/** How `step` is done by rows, null when it cannot be. */
export function cutStep(
  step: Step,
  values: readonly Value[],
  counts: Counts,
  isRegional: (value: number) => boolean,
): Cut | null {
  if (step.kind === 'fused') return cutGroup(step, counts)
  if (step.kind === 'single' && values[step.makes[0]].role === 'contract')
    return cutProduct(step, values, counts, isRegional)
  return null
}

function cutGroup(step: Step & { kind: 'fused' }, counts: Counts): Cut | null {
  const { group, buffers } = step
  if (group.kind === 'columns' || sizeOf(group.space) === 0) return null
  const leading = leadingDims(group.space, counts)
  if (!leading || group.reduced.some(d => d < leading.dims)) return null
  const movesOf = (instruction: Instruction): Moves | null =>
    'access' in instruction ? movesAlong(instruction.access.strides, leading) : null
  const made = new Set(step.makes)
  const reads: { value: number; moves: Moves }[] = []
  for (const instruction of group.instructions) {
    const moves = movesOf(instruction)
    if (!moves) continue
    if ('buffer' in instruction) reads.push({ value: buffers[instruction.buffer], moves })
    else if (moves.some(move => move !== 0)) return null
  }
  if (reads.some(({ value }) => made.has(value))) return null
  return {
    reads,
    sums: false,
    block(rows, renamed) {
      const slots: { value: number; dtype: Group['buffers'][number]; moves: Moves }[] = []
      const slotOf = (buffer: number, moves: Moves): number => {
        const value = renamed(buffers[buffer])
        const own = value === buffers[buffer] ? moves : still(counts)
        const at = slots.findIndex(slot => slot.value === value && slot.moves.every((move, c) => move === own[c]))
        return at >= 0 ? at : slots.push({ value, dtype: group.buffers[buffer], moves: own }) - 1
      }
      const instructions = group.instructions.map(instruction =>
        'buffer' in instruction
          ? { ...instruction, buffer: slotOf(instruction.buffer, movesOf(instruction) as Moves) }
          : instruction,
      )
      const kept = sizeOf(group.space.filter((_, d) => !group.reduced.includes(d)))
      const stores = group.stores.map(store => ({
        ...store,
        buffer: slotOf(store.buffer, rowMoves(store.each === 'element' ? sizeOf(group.space) : kept, counts)),
      }))
      const makes = step.makes.map(renamed)
      const own = slots.map(({ value }) => value)
      const cut: KernelStep = {
        ...step,
        makes,
        needs: [...new Set(own.filter(value => !makes.includes(value)))],
        buffers: own,
        group: {
          ...group,
          space: blockOf(group.space, leading, rows),
          buffers: slots.map(({ dtype }) => dtype),
          instructions,
          stores,
        },
      }
      return { step: cut, moves: slots.map(({ moves }) => moves) }
    },
  }
}

interface Operand {
  readonly read: Read
  readonly batch: Moves
  readonly second: { readonly size: number; readonly stride: number } | null
  readonly third: { readonly size: number; readonly stride: number } | null
}

function operandOf(read: Read, batches: Counts): Operand | null {
  const { map } = read
  const [batch, second, third] = read.groups ?? [1, 1, 1]
  const dims = map.shape.slice(0, batch)
  const leading = leadingDims(dims, batches.length > 0 ? batches : [1])
  if (!leading || dims.slice(leading.dims).some(size => size !== 1)) return null
  return {
    read,
    batch: batches.length > 0 ? movesAlong(map.strides, leading) : [],
    second: joined(map, batch, batch + second),
    third: joined(map, batch + second, batch + second + third),
  }
}

/** The read of one batch, in which the second or third dim has `size` positions. */
function readOf({ read, second, third }: Operand, which: 'second' | 'third' | null, size: number): Read {
  const [batch, seconds, thirds] = read.groups ?? [1, 1, 1]
  const { shape, strides } = read.map
  const dims = [...shape.keys()].map(d => ({ size: d < batch ? 1 : shape[d], stride: strides[d] }))
  const parts = [dims.slice(0, batch), dims.slice(batch, batch + seconds), dims.slice(batch + seconds)]
  if (which === 'second') parts[1] = [{ size, stride: (second as { stride: number }).stride }]
  if (which === 'third') parts[2] = [{ size, stride: (third as { stride: number }).stride }]
  const all = parts.flat()
  return {
    ...read,
    map: { ...read.map, shape: all.map(dim => dim.size), strides: all.map(dim => dim.stride) },
    groups: [batch, parts[1].length, which === 'third' ? 1 : thirds],
  }
}

function cutProduct(
  step: Step & { kind: 'single' },
  values: readonly Value[],
  counts: Counts,
  isRegional: (value: number) => boolean,
): Cut | null {
  const [made] = step.makes
  const { node } = values[made]
  const batches = counts.slice(0, -1)
  const rows = counts[counts.length - 1]
  const a = operandOf(step.reads[0], batches)
  const b = operandOf(step.reads[1], batches)
  if (!a || !b || node.shape[0] !== totalOf(batches)) return null
  const rowsOf = (value: number): number => rowMoves(sizeOf(values[value].node.shape), counts)[batches.length]
  const left = step.reads[0].base
  const right = step.reads[1].base
  const wholeRows = a.second?.size === rows && !isRegional(right)
  const sumsRows = a.third?.size === rows && b.second?.size === rows
  const isLine = wholeRows && (!isRegional(left) || a.second?.stride === rowsOf(left))
  const isDepth =
    sumsRows &&
    (isRegional(left) || isRegional(right)) &&
    (!isRegional(left) || a.third?.stride === rowsOf(left)) &&
    (!isRegional(right) || b.second?.stride === rowsOf(right))
  if (!isLine && !isDepth) return null
  const aMoves = [...a.batch, (isLine ? a.second : a.third)?.stride ?? 0]
  const bMoves = [...b.batch, isLine ? 0 : (b.second?.stride ?? 0)]
  const size = sizeOf(node.shape)
  // A sum over the rows of a batch has its place for the batch alone.
  const outMoves = isLine ? rowMoves(size, counts) : [...rowMoves(size, batches), 0]
  return {
    reads: [
      { value: left, moves: aMoves },
      { value: right, moves: bMoves },
    ],
    sums: isDepth && !isLine,
    block(rows, renamed) {
      const own = [left, right, made].map(renamed)
      const cut: KernelStep = {
        kind: 'single',
        makes: [own[2]],
        needs: own.slice(0, 2),
        reads: [
          { ...readOf(a, isLine ? 'second' : 'third', rows), base: own[0] },
          { ...readOf(b, isLine ? null : 'second', rows), base: own[1] },
        ],
      }
      const moves = [aMoves, bMoves, outMoves]
      return { step: cut, moves: moves.map((move, i) => (own[i] === [left, right, made][i] ? move : still(counts))) }
    },
  }
}
