import { SurprisalError } from '@surprisal/tensor'

const least = 256
const powersUpTo = 65_536

/**
 * The size of the buffer that serves a request: 256 bytes, powers of two up to 64 KiB, above that steps of an eighth
 * of the largest power of two below the request, so that a buffer is at most about an eighth too large.
 * @throws {SurprisalError} `argument` unless `bytes` is a non-negative integer
 */
export function sizeClass(bytes: number): number {
  if (!Number.isSafeInteger(bytes) || bytes < 0)
    throw new SurprisalError('argument', `sizeClass: bytes must be a non-negative integer, got ${bytes}`)
  if (bytes <= least) return least
  let power = least
  while (power < bytes) power *= 2
  if (bytes <= powersUpTo) return power
  const step = power / 16
  return Math.ceil(bytes / step) * step
}
