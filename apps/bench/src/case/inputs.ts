import { SurprisalError } from '@surprisal/tensor'

/** How an input is filled. Floats are uniform in `[min, max)`, integers uniform from `min` up to `max - 1`. */
export interface InputSpec {
  readonly shape: readonly number[]
  /** @default 'float32' */
  readonly dtype?: 'float32' | 'int32' | 'int8'
  /** @default -1, for integers 0 */
  readonly min?: number
  /** @default 1; integers must name it */
  readonly max?: number
}

/** Numbers of an input. */
export type InputArray = Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Int8Array<ArrayBuffer>

/** An input with its numbers. */
export interface Input {
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32' | 'int8'
  readonly data: InputArray
}

const arrays = { float32: Float32Array, int32: Int32Array, int8: Int8Array } as const

/**
 * The numbers of all inputs, the same ones in every process: they depend on the names, the specs and `seed` only.
 *
 * @param seed 32-bit seed. @default 0
 * @throws {SurprisalError} `argument` for integers without max, or an empty range
 */
export function makeInputs(specs: Readonly<Record<string, InputSpec>>, seed = 0): Record<string, Input> {
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, makeInput(name, spec, seed ^ hashOf(name))]),
  )
}

function makeInput(name: string, spec: InputSpec, seed: number): Input {
  const { shape, dtype = 'float32' } = spec
  const isFloat = dtype === 'float32'
  const { min = isFloat ? -1 : 0, max = isFloat ? 1 : Number.NaN } = spec
  if (!(max > min))
    throw new SurprisalError('argument', `makeInputs: ${name} must have max above min, got ${min} and ${max}`)
  const data = new arrays[dtype](shape.reduce((product, size) => product * size, 1))
  const next = generator(seed)
  for (let i = 0; i < data.length; i++)
    data[i] = isFloat ? min + next() * (max - min) : min + Math.floor(next() * (max - min))
  return { shape, dtype, data }
}

/** Uniform numbers in [0, 1) by Mulberry32: quick and the same everywhere, which is all that a benchmark needs. */
function generator(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** FNV-1a of a name. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  return hash
}
