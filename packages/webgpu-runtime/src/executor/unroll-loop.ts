import {
  bytesPerElement,
  type Group,
  type KernelStep,
  type LoopStep,
  sizeOf,
  type Value,
} from '@surprisal/tensor/backend'
import { buffersOf } from '../steps/lower-step.ts'
import { type LoweredStep, nothing } from '../steps/lowered-step.ts'

/** Bytes from one value to another. */
export interface Copy {
  readonly from: number
  readonly fromByte: number
  readonly to: number
  readonly toByte: number
  readonly bytes: number
}

/** A kernel of a loop for one block of rows of one batch. */
export interface Turn {
  readonly step: KernelStep
  readonly lowered: LoweredStep
  /** Values that get memory before it. */
  readonly makes: readonly number[]
  readonly before: readonly Copy[]
  readonly after: readonly Copy[]
  /** Values of the loop that nothing needs afterwards. */
  readonly dying: readonly number[]
}

/** A kernel that writes rows of something larger, or adds to them: it gets memory for those rows alone. */
interface Placed {
  readonly step: KernelStep
  readonly rows: readonly { readonly part: number; readonly whole: number; readonly buffer: number }[]
}

/** Whether the device can do a loop: the rows that it puts into larger values are whole words. */
export const canUnroll = (loop: LoopStep, values: readonly Value[]): boolean =>
  unrollLoop(loop, [...values], () => nothing) !== null

/**
 * A loop as the kernels of all its turns, one behind the other. Where a block begins in what it reads is an offset in
 * the parameters of its kernel; what it writes to rows of a larger value is copied there.
 * @param values get the rows that are copied
 * @param lower the kernels of a step, or of one that adds to what is in its place
 * @returns null where {@link canUnroll} is false, or a step has no kernel
 */
export function unrollLoop(
  { counts, makes, parts }: LoopStep,
  values: Value[],
  lower: (step: KernelStep, accumulate: boolean) => LoweredStep | null,
): Turn[] | null {
  const batches = counts.reduce((product, count) => product * count, 1)
  const turns: Turn[] = []
  for (const { from, to, block, body } of parts) {
    const placed = body.map(({ step, moves, sums }) => placedOf(step, moves, sums ? null : block, values))
    const dying = lastUses(
      placed.map(({ step }) => step),
      makes,
    )
    for (let batch = 0; batch < batches; batch++)
      for (let row = from; row < to; row += block)
        for (const [i, { step, rows }] of placed.entries()) {
          const { moves, sums } = body[i]
          const starts = moves.map(move => startOf(move, counts, batch, row))
          const adds = sums && row > 0
          const lowered = lower(shifted(step, starts), adds)
          const after = rows.map(({ part, whole, buffer }) => copyOf(part, whole, starts[buffer], values))
          if (!lowered || after.some(({ toByte, bytes }) => toByte % 4 !== 0 || bytes % 4 !== 0)) return null
          turns.push({
            step,
            lowered,
            makes: [...(turns.length === 0 ? makes : []), ...step.makes.filter(value => !makes.includes(value))],
            before: adds ? after.map(reversed) : [],
            after,
            dying: dying[i],
          })
        }
  }
  return turns
}

const reversed = ({ from, fromByte, to, toByte, bytes }: Copy): Copy => ({
  from: to,
  fromByte: toByte,
  to: from,
  toByte: fromByte,
  bytes,
})

function copyOf(part: number, whole: number, start: number, values: readonly Value[]): Copy {
  const { dtype, shape } = values[part].node
  const width = bytesPerElement[dtype]
  return { from: part, fromByte: 0, to: whole, toByte: start * width, bytes: sizeOf(shape) * width }
}

/** Elements before a block of rows of a batch. */
function startOf(moves: readonly number[], counts: readonly number[], batch: number, row: number): number {
  let start = row * moves[counts.length]
  let rest = batch
  for (let c = counts.length - 1; c >= 0; c--) {
    start += (rest % counts[c]) * moves[c]
    rest = Math.floor(rest / counts[c])
  }
  return start
}

/** @param block how many rows it makes; null for a sum over rows */
function placedOf(
  step: KernelStep,
  moves: readonly (readonly number[])[],
  block: number | null,
  values: Value[],
): Placed {
  const rows: { part: number; whole: number; buffer: number }[] = []
  const written = step.kind === 'single' ? [2] : [...new Set(step.group.stores.map(({ buffer }) => buffer))]
  const ids = buffersOf(step)
  for (const buffer of written) {
    if (moves[buffer].every(move => move === 0)) continue
    const whole = ids[buffer]
    const { node } = values[whole]
    const shape = step.kind === 'single' ? [1, block ?? node.shape[1], node.shape[2]] : [storedIn(step.group, buffer)]
    rows.push({ part: values.push({ ...values[whole], node: { ...node, shape } }) - 1, whole, buffer })
  }
  const instead = (value: number): number => rows.find(({ whole }) => whole === value)?.part ?? value
  if (step.kind === 'single') return { step: { ...step, makes: [instead(step.makes[0])] }, rows }
  return { step: { ...step, makes: step.makes.map(instead), buffers: step.buffers.map(instead) }, rows }
}

/** Elements that a group stores to a buffer. */
function storedIn({ space, reduced, stores }: Group, buffer: number): number {
  const isWhole = stores.some(store => store.buffer === buffer && store.each === 'element')
  return sizeOf(isWhole ? space : space.filter((_, d) => !reduced.includes(d)))
}

/** The step with what it reads starting that many elements later, for each of its buffers. */
function shifted(step: KernelStep, starts: readonly number[]): KernelStep {
  const moved = <T extends { readonly offset: number }>(place: T, buffer: number): T => ({
    ...place,
    offset: place.offset + starts[buffer],
  })
  const readsFrom = (first: number) =>
    step.kind === 'fused' ? [] : step.reads.map((read, i) => ({ ...read, map: moved(read.map, first + i) }))
  if (step.kind === 'single') return { ...step, reads: readsFrom(0) }
  const instructions = step.group.instructions.map(instruction =>
    'buffer' in instruction ? { ...instruction, access: moved(instruction.access, instruction.buffer) } : instruction,
  )
  const group = { ...step.group, instructions }
  return step.kind === 'fused' ? { ...step, group } : { ...step, group, reads: readsFrom(step.buffers.length) }
}

/** For each step of a turn the values of the turn that are used there for the last time. */
function lastUses(steps: readonly KernelStep[], makes: readonly number[]): number[][] {
  const last = new Map<number, number>()
  const own = new Set(steps.flatMap(step => step.makes))
  steps.forEach((step, at) => {
    for (const value of [...step.makes, ...step.needs]) last.set(value, at)
  })
  const dying: number[][] = steps.map(() => [])
  for (const [value, at] of last) if (own.has(value) && !makes.includes(value)) dying[at].push(value)
  return dying
}
