import { isTensor, type Tensor } from '@surprisal/tensor'
import { isClose, type Tolerance } from './vectors/compare.ts'

/** Result of a matcher, in the form that vitest and jest share. */
export interface MatcherResult {
  pass: boolean
  message: () => string
}

type Numbers = Tensor | ArrayLike<number> | number

const toNumbers = (x: Numbers): number[] =>
  isTensor(x) ? Array.from(x.dataSync()) : typeof x === 'number' ? [x] : Array.from(x as ArrayLike<number>)

/**
 * Matcher for `expect.extend({ toBeAllclose })`: all elements within `atol + rtol * |expected|`, NaN equal to NaN.
 * Takes tensors, typed arrays, flat lists and numbers; two tensors must have one shape.
 */
export function toBeAllclose(
  received: Numbers,
  expected: Numbers,
  { rtol = 1e-5, atol = 1e-8 }: Partial<Tolerance> = {},
): MatcherResult {
  const shapes = [received, expected].map(x => (isTensor(x) ? `[${x.shape.join(', ')}]` : null))
  if (shapes[0] && shapes[1] && shapes[0] !== shapes[1])
    return { pass: false, message: () => `expected shape ${shapes[1]}, got ${shapes[0]}` }
  const got = toNumbers(received)
  const want = toNumbers(expected)
  if (got.length !== want.length)
    return { pass: false, message: () => `expected ${want.length} elements, got ${got.length}` }
  const at = got.findIndex((value, i) => !isClose(value, want[i], { rtol, atol }))
  return {
    pass: at < 0,
    message: () =>
      at < 0
        ? 'expected the values to differ'
        : `element ${at}: expected ${want[at]}, got ${got[at]} (rtol ${rtol}, atol ${atol})`,
  }
}
