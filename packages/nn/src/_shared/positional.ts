import { isTensor, Parameter, type TensorLike } from '@surprisal/tensor'

/**
 * Sorts arguments whose optional tensors may be left out: the first plain object is the options.
 * @returns `count` tensors (null where absent), then the options
 */
export function positional<Options extends object>(
  args: readonly (TensorLike | Options | null | undefined)[],
  count: number,
): { tensors: (TensorLike | null)[]; options: Partial<Options> } {
  const tensors: (TensorLike | null)[] = new Array(count).fill(null)
  let options: Partial<Options> = {}
  args.forEach((arg, i) => {
    if (arg === null || arg === undefined) return
    if (isTensor(arg) || arg instanceof Parameter) tensors[i] = arg
    else options = arg as Options
  })
  return { tensors, options }
}
