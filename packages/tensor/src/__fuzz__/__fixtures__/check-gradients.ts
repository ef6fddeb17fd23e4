import { isFloat } from '../../dtype.ts'
import type { Tensor } from '../../tensor.ts'
import { checkProgram, describeFailure } from './check.ts'
import { type Differentiated, differentiated, generic } from './loss.ts'
import { printProgram } from './print.ts'
import { build, type Program } from './program.ts'
import { compareSlopes, type Slopes } from './slopes.ts'

/** What a program's gradients went through. */
export interface GradientVerdict {
  /** What is wrong, with the program that shows it. */
  readonly failure: string | null
  /** Null where there is nothing to differentiate, or where the gradient is cut on purpose. */
  readonly slopes: Slopes | null
}

/** Functions whose gradient is not the derivative. */
const cutting = ['stopGradient', 'detach']
/** Functions with an infinite slope, or none, at a finite value. */
const singular = ['sqrt', 'pow', 'atan2', 'asin', 'acos', 'acosh']

const calls = ({ items }: Program, names: readonly string[]): boolean =>
  items.some(item => item.kind === 'call' && names.includes(item.name))

function slopesOf({ program, loss, leaves, gradients }: Differentiated): Slopes {
  const tensors: Tensor[] = []
  try {
    for (const item of program.items) tensors.push(build(item, tensors, 0))
    const [of, towards] = [gradients, leaves].map(values => values.map(value => tensors[value]))
    const way = tensors.slice(0, loss).filter(t => isFloat(t.dtype))
    return compareSlopes(tensors[loss], of, towards, { way, singular: calls(program, singular) })
  } finally {
    for (const t of tensors) t.dispose()
  }
}

function describeWrong({ loss, leaves }: Differentiated, { wrong }: Slopes): string | null {
  if (!wrong) return null
  const { leaf, element, expected, got } = wrong
  const direction = leaf < 0 ? 'a random direction' : `v${leaves[leaf]}, element ${element}`
  return `slope of v${loss} along ${direction}: ${expected} by differences, ${got} by gradients, both in float64`
}

async function disagreement({ program }: Differentiated): Promise<string | null> {
  const { failure } = await checkProgram(program)
  return failure && describeFailure(failure)
}

/**
 * Checks the gradients of a weighted sum of the program's float outputs towards its float leaves. On the engine they
 * must be what the oracle says, both for the leaves as they are, with all their ties, and for leaves off the grid; and
 * there the same graph, in float64, must agree with differences of the loss. An engine that differs from the
 * differences by more than rounding differs from the oracle too, so that the two are not compared directly.
 * @param order 2 checks the gradients of the squared norm of the gradients
 */
export async function checkGradients(program: Program, order: 1 | 2): Promise<GradientVerdict> {
  const given = differentiated(program, order)
  const moved = differentiated(generic({ ...program, rounds: 1 }), order)
  if (!given || !moved) return { failure: null, slopes: null }
  const slopes = calls(program, cutting) ? null : slopesOf(moved)
  const wrong = slopes && describeWrong(moved, slopes)
  if (wrong) return { failure: `${wrong}\n${printProgram(moved.program)}`, slopes }
  for (const each of [given, moved]) {
    const failure = await disagreement(each)
    if (failure) return { failure: `${failure}\n${printProgram(each.program)}`, slopes }
  }
  return { failure: null, slopes }
}
