import type { DType, Tensor } from '@surprisal/tensor'
import { SurprisalError } from '@surprisal/tensor'

/** Which numbers a float input may hold; distributions run over the last dim. */
export type LossDomain = 'real' | 'positive' | 'unit' | 'sign' | 'probability' | 'logProbability'

/** One positional tensor of a loss. `shape` names sizes by letters, as in `'N,C'`; integers are class ids below C. */
export interface LossInput {
  readonly name: string
  readonly dtype: DType
  readonly shape: string
  /** What {@link checkLoss} draws: above 0, from 0 to 1, -1 or 1, ... @default 'real' */
  readonly domain?: LossDomain
}

/** A scalar option of a loss and its legal range. One named `ignoreIndex` makes {@link checkLoss} ignore a row. */
export interface LossOption {
  readonly default: number
  readonly min?: number
  readonly max?: number
}

/** Everything that tests, docs and the playground need to know of a loss. */
export interface LossDescriptor {
  readonly name: string
  readonly loss: (...args: never[]) => Tensor
  /** An independent implementation in plain loops: flat inputs and sizes by letter to the mean loss. */
  readonly reference: (
    inputs: readonly Float64Array[],
    sizes: Readonly<Record<string, number>>,
    options: Readonly<Record<string, number>>,
  ) => number
  readonly inputs: readonly LossInput[]
  readonly options: Readonly<Record<string, LossOption>>
  /** Inputs that a gradient reaches. */
  readonly differentiable: readonly string[]
  /** Whether inputs of +-1e4 give finite values and gradients. */
  readonly stable: boolean
}

/**
 * Declares a loss. The descriptor is what a loss package exports from its subpath `./contract`.
 * @throws {SurprisalError} `argument` when a differentiable input is not among the inputs
 */
export function defineLoss(descriptor: LossDescriptor): LossDescriptor {
  for (const name of descriptor.differentiable)
    if (!descriptor.inputs.some(input => input.name === name))
      throw new SurprisalError(
        'argument',
        `defineLoss: differentiable must name an input of ${descriptor.name}, got ${name}`,
      )
  return descriptor
}
