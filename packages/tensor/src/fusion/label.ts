import { shapeText } from '../shape.ts'
import type { KernelStep, Step } from './steps.ts'
import type { Value } from './values.ts'

/** Most ops that a label names. */
const most = 6

/** What a step computes, in a few words: the ops in it and the space it goes through. */
export function labelOf(step: Step, values: readonly Value[]): string {
  if (step.kind === 'loop') {
    const [{ block, body }] = step.parts
    return `loop by ${block} rows (${body.map(({ step: inner }) => labelOf(inner, values)).join('; ')})`
  }
  if (step.kind === 'single') {
    const { node } = values[step.makes[0]]
    const { primitive } = node
    const name = 'f' in primitive ? ` ${primitive.f}` : 'name' in primitive ? ` ${primitive.name}` : ''
    return `${primitive.kind}${name} ${shapeText(node.shape)}`
  }
  const { space } = step.group
  const kind = step.kind === 'product' ? 'contract' : step.group.kind
  const shown = opsOf(step)
  const names = shown.length > most ? [...shown.slice(0, most), '...'] : shown
  return `${kind} ${names.join(' ')} ${shapeText(space)}`
}

/** The functions of a step, in the order in which they are computed. */
export function opsOf(step: KernelStep): string[] {
  if (step.kind === 'single') return []
  const names = step.group.instructions.flatMap(instruction => {
    if ('f' in instruction) return [instruction.f]
    const { kind } = instruction
    return kind === 'load' || kind === 'constant' || kind === 'scalar' ? [] : [kind]
  })
  return names.length > 0 ? names : ['copy']
}
