import { SurprisalError } from '@surprisal/tensor'

/** Throws unless k is an integer of at least 1; the message starts with the caller's name. */
export function requireK(caller: string, k: number): void {
  if (!Number.isInteger(k) || k < 1) {
    throw new SurprisalError('argument', `${caller}: k must be an integer >= 1, got ${String(k)}`)
  }
}

/** Throws unless value is one of the known names, which the message lists. */
export function requireOneOf<T extends string>(caller: string, argument: string, value: T, known: readonly T[]): void {
  if (!known.includes(value)) {
    throw new SurprisalError(
      'argument',
      `${caller}: ${argument} must be one of ${known.join(', ')}, got ${String(value)}`,
    )
  }
}

/** Throws unless value is a finite number within [min, max]. */
export function requireNumber(caller: string, argument: string, value: number, min = -Infinity, max = Infinity): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < min || value > max) {
    const range =
      min === -Infinity ? 'a finite number' : max === Infinity ? `a finite number >= ${min}` : `in [${min}, ${max}]`
    throw new SurprisalError('argument', `${caller}: ${argument} must be ${range}, got ${String(value)}`)
  }
}

/** Throws unless value is an object of names and values, and not a list. */
export function requireRecord(caller: string, argument: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SurprisalError('argument', `${caller}: ${argument} must be an object, got ${describe(value)}`)
  }
}

/** Throws unless value is a list. */
export function requireList(caller: string, argument: string, value: unknown): void {
  if (!Array.isArray(value)) {
    throw new SurprisalError('argument', `${caller}: ${argument} must be a list, got ${describe(value)}`)
  }
}

/** Throws unless the dimension of vectors is an integer of at least 1. */
export function requireDimension(caller: string, dim: number): void {
  if (!Number.isInteger(dim) || dim < 1) {
    throw new SurprisalError('argument', `${caller}: dim must be an integer >= 1, got ${String(dim)}`)
  }
}

function describe(value: unknown): string {
  return Array.isArray(value) ? 'a list' : typeof value === 'object' && value !== null ? 'an object' : String(value)
}
