import { SurprisalError } from '@surprisal/tensor'
import { describe } from './describe.ts'

/** Throws unless `value` is a string; `where` is `function: argument`. */
export function requireString(value: unknown, where: string): asserts value is string {
  if (typeof value !== 'string') {
    throw new SurprisalError('argument', `${where} must be a string, got ${describe(value)}`)
  }
}

/** Throws unless `value` is an integer of at least `minimum`; `where` is `function: argument`. */
export function requireInteger(value: unknown, where: string, minimum: number): asserts value is number {
  if (!Number.isSafeInteger(value) || (value as number) < minimum) {
    throw new SurprisalError('argument', `${where} must be an integer >= ${minimum}, got ${describe(value)}`)
  }
}
