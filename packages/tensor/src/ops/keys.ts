import { currentTracing } from '../compile/tracing.ts'
import { SurprisalError } from '../error.ts'
import { isOptions } from '../operand.ts'
import { threefry2x32 } from '../threefry.ts'
import { got, requireInteger } from './internal/arguments.ts'

/** A key of the counter-based generator: two uint32 numbers. Using one twice gives the same draw. */
export type RandomKey = readonly [number, number]

const isUint32 = (x: unknown): boolean => Number.isInteger(x) && (x as number) >= 0 && (x as number) < 2 ** 32

/**
 * The key that belongs to a seed.
 * @param seed integer from 0 to 2^53 - 1
 * @throws {SurprisalError} `argument` for another seed
 */
export function randomKey(seed: number): RandomKey {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new SurprisalError('argument', `randomKey: seed must be an integer from 0 to 2^53 - 1, got ${got(seed)}`)
  return [Math.floor(seed / 2 ** 32), seed % 2 ** 32]
}

/** A key argument: a pair, or a seed that is made one. */
export function keyOf(op: string, key: RandomKey | number): RandomKey {
  const traced = currentTracing()?.keyOf(op, key)
  if (traced) return traced
  if (typeof key === 'number') return randomKey(key)
  if (!Array.isArray(key) || key.length !== 2 || !key.every(isUint32))
    throw new SurprisalError(
      'argument',
      `${op}: key must be a pair of uint32 numbers, got ${Array.isArray(key) ? `[${key.join(', ')}]` : got(key)}`,
    )
  return [key[0], key[1]]
}

/**
 * Independent keys made from one, which should not be used itself afterwards.
 * @param n how many, 2 by default
 */
export function splitKey(key: RandomKey | number, n?: number | object): RandomKey[] {
  const count = n === undefined || n === null || isOptions(n) ? 2 : (n as number)
  const parent = keyOf('splitKey', key)
  requireInteger('splitKey', 'n', count)
  return Array.from({ length: count }, (_, i) => childOf(parent, i))
}

/**
 * The key that belongs to a number under another key, as a step or an index: child `i` of {@link splitKey}.
 * @param i uint32 number
 */
export function foldIn(key: RandomKey | number, i: number): RandomKey {
  const parent = keyOf('foldIn', key)
  const traced = currentTracing()?.childOf(parent, i)
  if (traced) return traced
  if (!isUint32(i))
    throw new SurprisalError('argument', `foldIn: i must be an integer from 0 to 2^32 - 1, got ${got(i)}`)
  return childOf(parent, i)
}

const childOf = (parent: RandomKey, i: number): RandomKey =>
  currentTracing()?.childOf(parent, i) ?? threefry2x32(parent, [0, i])
