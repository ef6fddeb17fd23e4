import { gradients, isTensor, randomKey, SurprisalError, type Tensor, tensor, uniform } from '@surprisal/tensor'
import { exactEvaluator } from '@surprisal/tensor/exact'

/** Options of {@link gradcheck}. */
export interface GradcheckOptions {
  /** Step of the central differences. @default 1e-5 */
  step?: number
  /** Relative tolerance. @default 1e-4 */
  rtol?: number
  /** Absolute tolerance. @default 1e-6 */
  atol?: number
  /** 1 checks the gradient, 2 also the gradient of the gradient. @default 1 */
  order?: 1 | 2
  /** At most so many elements of every input are varied. @default 64 */
  maxElements?: number
}

const isFloat = (x: unknown): x is Tensor => isTensor(x) && x.dtype === 'float32'

/** A scalar in which every element of every output counts differently. */
function mix(outputs: readonly Tensor[]): Tensor {
  const floats = outputs.filter(isFloat)
  if (floats.length === 0) throw new SurprisalError('argument', 'gradcheck: fn must give a float32 tensor, got none')
  return floats
    .map((output, i) => output.mul(uniform(randomKey(7 + i), output.shape, { min: 0.5, max: 1.5 })).sum())
    .reduce((a, b) => a.add(b))
}

/**
 * Compares the gradients of `fn` with central differences, both computed in float64. All differences are
 * taken of one scalar, a fixed weighted sum of the outputs.
 *
 * @param fn a differentiable function of tensors to a tensor or a list of tensors
 * @param inputs its arguments; copies of the float32 tensors among them are varied
 * @throws {Error} naming the input, the element and both numbers where they disagree
 * @throws {SurprisalError} `argument` when there is nothing to vary or to differentiate
 */
export function gradcheck(
  fn: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): void {
  const { order = 1 } = options
  const copies = inputs.map(x => (isFloat(x) ? tensor(x.dataSync(), { shape: x.shape }) : x))
  const leaves = copies.filter(isFloat)
  if (leaves.every(leaf => leaf.size === 0))
    throw new SurprisalError('argument', 'gradcheck: inputs must hold a float32 element to vary, got none')
  const loss = mix([fn(...copies)].flat() as Tensor[])
  compare('gradient', loss, leaves, options)
  if (order === 2) compare('second gradient', mix(gradients(loss, leaves)), leaves, options)
}

function compare(what: string, loss: Tensor, leaves: readonly Tensor[], options: GradcheckOptions): void {
  const { step = 1e-5, rtol = 1e-4, atol = 1e-6, maxElements = 64 } = options
  const values = leaves.map(leaf => Float64Array.from(leaf.dataSync()))
  const analytic = exactEvaluator(gradients(loss, leaves), leaves)(values)
  const evaluate = exactEvaluator([loss], leaves)
  leaves.forEach((_, i) => {
    const stride = Math.max(1, Math.ceil(values[i].length / maxElements))
    for (let at = 0; at < values[i].length; at += stride) {
      const sides = [step, -step].map(by => {
        const moved = values.map(list => list.slice())
        moved[i][at] += by
        return evaluate(moved)[0][0]
      })
      const numeric = (sides[0] - sides[1]) / (2 * step)
      const got = analytic[i][at]
      if (!(Math.abs(got - numeric) <= atol + rtol * Math.abs(numeric)))
        throw new Error(`gradcheck: ${what} of input ${i} at element ${at} must be ${numeric}, got ${got}`)
    }
  })
}
