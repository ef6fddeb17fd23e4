import { SurprisalError } from '@surprisal/tensor'

/** @throws {SurprisalError} `argument` unless the value is finite and at least 0 */
export function requireNonNegative(where: string, name: string, value: number): void {
  if (!(value >= 0) || !Number.isFinite(value))
    throw new SurprisalError('argument', `${where}: ${name} must be at least 0, got ${value}`)
}

/** @throws {SurprisalError} `argument` unless the value is finite and above 0 */
export function requirePositive(where: string, name: string, value: number): void {
  if (!(value > 0) || !Number.isFinite(value))
    throw new SurprisalError('argument', `${where}: ${name} must be above 0, got ${value}`)
}

/** @throws {SurprisalError} `argument` unless the value is a whole number from `least` on */
export function requireWhole(where: string, name: string, value: number, least = 0): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new SurprisalError('argument', `${where}: ${name} must be a whole number from ${least}, got ${value}`)
}

/** @throws {SurprisalError} `argument` unless every beta is in [0, 1) */
export function requireBetas(where: string, betas: readonly number[]): void {
  for (const beta of betas)
    if (!(beta >= 0 && beta < 1))
      throw new SurprisalError('argument', `${where}: betas must be in [0, 1), got ${betas.join(', ')}`)
}

/** @throws {SurprisalError} `argument` unless the value is one of a list */
export function requireOneOf(where: string, name: string, value: unknown, known: readonly string[]): void {
  if (!known.includes(value as string))
    throw new SurprisalError('argument', `${where}: ${name} must be one of ${known.join(', ')}, got ${String(value)}`)
}

/** @throws {SurprisalError} `argument` unless a number of parts divides a size */
export function requireDivisor(where: string, name: string, parts: number, whole: string, size: number): void {
  if (size % parts !== 0)
    throw new SurprisalError('argument', `${where}: ${name} must divide ${whole} = ${size}, got ${parts}`)
}
