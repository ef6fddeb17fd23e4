import { isTensor, Parameter, SurprisalError, type Tensor, type TensorLike } from '@surprisal/tensor'

/** A short account of a wrong argument. */
export function describe(x: unknown): string {
  if (x === null || x === undefined) return String(x)
  if (Array.isArray(x)) return `an array of ${x.length}`
  return typeof x === 'object' ? `an object ${x.constructor?.name ?? ''}`.trim() : `${typeof x} ${String(x)}`
}

/** @throws {SurprisalError} `argument` unless `x` is a tensor or a parameter */
export function requireTensor(where: string, name: string, x: unknown): asserts x is TensorLike {
  if (!isTensor(x) && !(x instanceof Parameter))
    throw new SurprisalError('argument', `${where}: ${name} must be a tensor, got ${describe(x)}`)
}

/** The tensor itself, or the present one of a parameter. */
export const tensorOf = (x: TensorLike): Tensor => (isTensor(x) ? x : x.value)

/** @throws {SurprisalError} `argument` unless `x` is a list */
export function requireList(where: string, name: string, x: unknown): asserts x is readonly unknown[] {
  if (!Array.isArray(x)) throw new SurprisalError('argument', `${where}: ${name} must be a list, got ${describe(x)}`)
}

/**
 * Sorts arguments whose optional tensors may be left out: the first plain object is the options.
 * @param names names of the tensors, in order
 * @returns one tensor per name (null where absent), then the options
 */
export function positional<Options extends object>(
  where: string,
  args: readonly (TensorLike | Options | null | undefined)[],
  names: readonly string[],
): { tensors: (TensorLike | null)[]; options: Partial<Options> } {
  const tensors = new Array<TensorLike | null>(names.length).fill(null)
  let options: Partial<Options> = {}
  args.forEach((arg, i) => {
    if (arg === null || arg === undefined) return
    if (Object.getPrototypeOf(arg) === Object.prototype) options = arg as Options
    else {
      requireTensor(where, names[i] ?? 'options', arg)
      tensors[i] = arg
    }
  })
  return { tensors, options }
}
