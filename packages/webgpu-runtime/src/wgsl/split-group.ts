import { type Group, type Instruction, operandsOf } from '@surprisal/tensor/backend'

/** Groups that each store at most `most` of a group's values, and compute what these need. */
export function splitGroup(group: Group, most: number): Group[] {
  if (group.stores.length <= most) return [group]
  const parts: Group[] = []
  for (let at = 0; at < group.stores.length; at += most) parts.push(pruned(group, at, at + most))
  return parts
}

function pruned(group: Group, from: number, to: number): Group {
  const stores = group.stores.slice(from, to)
  const needed = new Set(stores.map(({ value }) => value))
  for (let i = group.instructions.length - 1; i >= 0; i--)
    if (needed.has(i)) for (const operand of operandsOf(group.instructions[i])) needed.add(operand)
  const numbers = new Map([...needed].sort((a, b) => a - b).map((old, i) => [old, i]))
  const of = (old: number): number => numbers.get(old) as number
  const renumbered = (instruction: Instruction): Instruction => {
    switch (instruction.kind) {
      case 'unary':
      case 'cast':
      case 'reduce':
        return { ...instruction, x: of(instruction.x) }
      case 'binary':
        return { ...instruction, a: of(instruction.a), b: of(instruction.b) }
      case 'select':
        return { ...instruction, condition: of(instruction.condition), a: of(instruction.a), b: of(instruction.b) }
      case 'lookup':
        return { ...instruction, index: of(instruction.index) }
      default:
        return instruction
    }
  }
  return {
    ...group,
    instructions: [...numbers.keys()].map(old => renumbered(group.instructions[old])),
    stores: stores.map(store => ({ ...store, value: of(store.value) })),
  }
}
