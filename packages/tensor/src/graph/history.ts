import { isFloat } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { shapeText } from '../shape.ts'
import { dropHistory } from './lifetime.ts'
import { type Node, nextWalk } from './node.ts'

/** How many reads in a row may build on one another before the history of the oldest is let go. */
export const readsKept = 64

/** Inputs through which a gradient may pass: a rule hides the graph of its value, a host routine has no gradient. */
export function openInputs({ primitive, inputs }: Node): readonly Node[] {
  if (primitive.kind === 'host') return []
  if (primitive.kind !== 'rule') return inputs
  return primitive.backward ? inputs.slice(1) : []
}

/** Whether a computed value still needs the graph it came from. */
export function carriesGradient(node: Node): boolean {
  if (!isFloat(node.dtype)) return false
  const inputs = openInputs(node)
  for (let i = 0; i < inputs.length; i++) if (isFloat(inputs[i].dtype)) return true
  return false
}

/**
 * Lets the history go of what was computed `readsKept` reads before `roots`, so that a loop whose every step is read
 * and builds on the one before runs in constant memory. Counts start again from what remains.
 */
export function trimHistory(roots: readonly Node[], reads: number): void {
  const oldest = reads - readsKept
  const walk = nextWalk()
  const stack = [...roots]
  while (stack.length > 0) {
    const node = stack.pop() as Node
    if (node.visit === walk) continue
    node.visit = walk
    if (node.storage && node.inputs.length > 0) {
      if (node.reads <= oldest) {
        dropHistory(node)
        node.trimmed = true
      }
      node.reads = Math.max(0, node.reads - oldest)
    }
    for (const input of node.inputs) stack.push(input)
  }
}

/** For a gradient that would have to pass through a value whose history is gone. */
export const historyGone = (op: string, what: string, { op: made, shape }: Node): SurprisalError =>
  new SurprisalError(
    'disposed',
    `${op}: ${what} may lie behind ${made} ${shapeText(shape)}, whose history was let go after ${readsKept} reads that build on it (pass what goes from step to step through stopGradient or a Parameter)`,
  )
