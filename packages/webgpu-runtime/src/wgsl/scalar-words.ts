import { isFloat, type Node, type Scalar } from '@surprisal/tensor/backend'

const floats = new Float32Array(2)
const words = new Uint32Array(floats.buffer)

/** The two words that kernels read a number as: a float and what it misses, an integer and 0, a random key. */
export function scalarWords(
  { primitive, dtype }: Pick<Node, 'primitive' | 'dtype'>,
  what: Scalar['what'],
): Uint32Array {
  if (primitive.kind === 'random') return Uint32Array.from(primitive.key)
  const value = primitive.kind === 'iota' ? primitive[what as 'start' | 'step'] : (primitive as { value: number }).value
  if (!isFloat(dtype)) return Uint32Array.of(value | 0, 0)
  floats[0] = value
  floats[1] = Number.isFinite(value) ? value - floats[0] : 0
  return words.slice()
}
