import { type DType, SurprisalError, Tensor, tensor } from '@surprisal/tensor'

/** A tensor as a vectors file writes it; `data` is row-major and may hold "NaN", "Infinity" and "-Infinity". */
export interface TensorJson {
  shape: number[]
  dtype: DType
  data: (number | boolean | string)[]
}

/** What a case expects of the call; all that is present is checked. */
export interface Expectation {
  value?: unknown
  grad?: Record<string, TensorJson>
  gradgrad?: Record<string, TensorJson>
  throws?: string
}

export interface Tolerance {
  rtol: number
  atol: number
}

/** One line of a program: result name, op, arguments (names of inputs or earlier results, or plain values). */
export type ProgramStep = [string, string, ...unknown[]]

/** One conformance case: a call, or a program of tensor ops, with its inputs and what must come out. */
export interface VectorCase {
  name: string
  call?: string
  program?: ProgramStep[]
  output?: string
  inputs?: Record<string, unknown>
  options?: Record<string, unknown>
  weight?: TensorJson | Record<string, TensorJson>
  expect: Expectation
  tolerance?: Tolerance | 0
}

export interface VectorFile {
  system: string
  cases: VectorCase[]
}

export function isTensorJson(value: unknown): value is TensorJson {
  const entry = value as Partial<TensorJson> | null
  return (
    typeof entry === 'object' &&
    entry !== null &&
    Array.isArray(entry.shape) &&
    typeof entry.dtype === 'string' &&
    Array.isArray(entry.data)
  )
}

/**
 * A number of a file, where non-finite ones are strings.
 * @throws {SurprisalError} `format` for anything else
 */
export function toNumber(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean' || value === 'NaN' || value === 'Infinity' || value === '-Infinity')
    return Number(value)
  throw new SurprisalError('format', `vectors: data must hold numbers, got ${JSON.stringify(value)}`)
}

/** Replaces every written tensor at any depth by a real one. */
export function revive(value: unknown): unknown {
  if (isTensorJson(value))
    return tensor(Float64Array.from(value.data, toNumber), { shape: value.shape, dtype: value.dtype })
  if (Array.isArray(value)) return value.map(revive)
  if (typeof value === 'object' && value !== null && !(value instanceof Tensor))
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, revive(entry)]))
  return value
}

/** The cases of a file's text. */
export function parseVectorFile(text: string, path: string): VectorFile {
  let file: Partial<VectorFile> | null
  try {
    file = JSON.parse(text)
  } catch (cause) {
    throw new SurprisalError('format', `vectors: ${path} must hold JSON, got ${(cause as Error).message}`, { cause })
  }
  if (!Array.isArray(file?.cases)) throw new SurprisalError('format', `vectors: ${path} must hold a list "cases"`)
  return { system: file.system ?? '', cases: file.cases }
}
