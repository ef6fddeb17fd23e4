import { type Module, type RandomKey, splitKey, type Tensor, zerosLike } from '@surprisal/tensor'
import { Linear } from '../layers/linear.ts'

/** Draws the weights of all linear maps of a module anew, each by a key of its own, and sets their biases to zero. */
export function initLinears(
  module: Module,
  key: RandomKey,
  draw: (key: RandomKey, shape: readonly number[]) => Tensor,
): void {
  const linears = module.namedModules().flatMap(([, each]) => (each instanceof Linear ? [each] : []))
  const keys = splitKey(key, linears.length)
  for (const [i, { weight, bias }] of linears.entries()) {
    weight.assign(draw(keys[i], weight.shape))
    bias?.assign(zerosLike(bias.value))
  }
}
