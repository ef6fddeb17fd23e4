import { type Tensor, where } from '@surprisal/tensor'

/** `missed^gamma`, whose gradient where nothing is missed is 0 for every gamma: there the focal loss is flat. */
export function focusing(missed: Tensor, gamma: number): Tensor {
  if (gamma === 0) return missed.onesLike()
  const some = missed.greater(0)
  return where(some, where(some, missed, 1).pow(gamma), 0)
}
