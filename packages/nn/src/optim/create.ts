import { Parameter, SurprisalError, stack, type Tensor } from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'
import { Adafactor, type AdafactorOptions } from './adafactor.ts'
import { Adam, type AdamOptions, AdamW } from './adam.ts'
import { Lion, type LionOptions } from './lion.ts'
import { Muon, type MuonOptions } from './muon.ts'
import type { Optimizer } from './optimizer.ts'
import { RMSprop, type RMSpropOptions } from './rmsprop.ts'
import { SGD, type SGDOptions } from './sgd.ts'

/** An optimiser by name with its own options. */
export type OptimizerOptions =
  | ({ optimizer: 'sgd' } & SGDOptions)
  | ({ optimizer: 'adam' | 'adamw' } & AdamOptions)
  | ({ optimizer: 'rmsprop' } & RMSpropOptions)
  | ({ optimizer: 'lion' } & LionOptions)
  | ({ optimizer: 'adafactor' } & AdafactorOptions)
  | ({ optimizer: 'muon' } & MuonOptions)

/**
 * An optimiser by its name.
 * @throws {SurprisalError} `argument` for an unknown name
 */
export function createOptimizer(params: readonly Parameter[], options: OptimizerOptions): Optimizer {
  switch (options.optimizer) {
    case 'sgd':
      return new SGD(params, options)
    case 'adam':
      return new Adam(params, options)
    case 'adamw':
      return new AdamW(params, options)
    case 'rmsprop':
      return new RMSprop(params, options)
    case 'lion':
      return new Lion(params, options)
    case 'adafactor':
      return new Adafactor(params, options)
    case 'muon':
      return new Muon(params, options)
    default: {
      const { optimizer } = options as { optimizer: unknown }
      const known = 'sgd, adam, adamw, rmsprop, lion, adafactor, muon'
      throw new SurprisalError(
        'argument',
        `createOptimizer: optimizer must be one of ${known}, got ${String(optimizer)}`,
      )
    }
  }
}

/**
 * The values that a parameter takes when it is moved by given gradients, step by step.
 * @param params start value
 * @param grads [steps, ...params.shape]
 * @returns [steps, ...params.shape], the value after every step
 */
export function replayOptimizer(params: Tensor, grads: Tensor, options: OptimizerOptions): Tensor {
  requireTensor('replayOptimizer', 'params', params)
  requireTensor('replayOptimizer', 'grads', grads)
  const param = new Parameter(params)
  const optimizer = createOptimizer([param], options)
  const values = Array.from({ length: grads.shape[0] }, (_, t) => {
    optimizer.step([grads.select(0, t)])
    return param.value
  })
  return stack(values)
}
