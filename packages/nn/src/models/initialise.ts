import { normal, type Parameter, type RandomKey, zeros } from '@surprisal/tensor'
import { Linear } from '../layers/linear.ts'

/** Deviation of initial weights. */
export const initialStd = 0.02

/** Replaces initial weights by normal ones. */
export function initialise({ weight }: { weight: Parameter }, key: RandomKey, std = initialStd): void {
  weight.assign(normal(key, weight.shape, { std }))
}

/** A linear map of normal weights, with a bias of zeros or none. */
export function normalLinear(inFeatures: number, outFeatures: number, key: RandomKey, { bias = true } = {}): Linear {
  const linear = new Linear(inFeatures, outFeatures, { key, bias })
  initialise(linear, key)
  linear.bias?.assign(zeros([outFeatures]))
  return linear
}
