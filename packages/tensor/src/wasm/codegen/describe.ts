import { type Instruction, operandsOf } from '../../fusion/group.ts'
import type { Layout } from './layout.ts'

/** Everything about an instruction that its code depends on, but for its cursor. */
function describeInstruction(instruction: Instruction): string {
  const operands = operandsOf(instruction).join()
  const head = `${instruction.kind} ${instruction.dtype} ${operands}`
  switch (instruction.kind) {
    case 'constant':
      return `${head} ${Object.is(instruction.value, -0) ? '-0' : instruction.value}`
    case 'scalar':
      return `${head} ${instruction.slot}`
    case 'iota':
      return `${head} ${instruction.plain ? 'plain' : `${instruction.start} ${instruction.step}`}`
    case 'random':
      return `${head} ${instruction.key}`
    case 'unary':
    case 'binary':
    case 'reduce':
      return `${head} ${instruction.f}`
    default:
      return head
  }
}

/** Everything about a group that its code depends on, but for how its cursors move. */
export function describeLayout({ group, axes, cursors, cursorOf, storeCursors }: Layout): string {
  return [
    group.kind,
    group.scalars,
    group.buffers.join(),
    axes.map(axis => (axis.reduced ? 'r' : 'k')).join(''),
    group.instructions.map((instruction, i) => `${describeInstruction(instruction)} ${cursorOf[i]}`).join('|'),
    group.stores.map((store, s) => `${store.value}>${storeCursors[s]}${store.each}`).join('|'),
    cursors.map(({ buffer }) => buffer ?? 'n').join(),
  ].join(';')
}
