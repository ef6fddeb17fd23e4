import type { Id } from './types.ts'

/**
 * Compares strings by Unicode code point, the order of `strcmp` on UTF-8 and of Python. JavaScript's own `<` works on
 * UTF-16 units and puts U+E000..U+FFFF after the supplementary planes.
 */
export function compareStrings(a: string, b: string): number {
  const n = Math.min(a.length, b.length)
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1
  }
  return a.length - b.length
}

/** Orders ids ascending: numbers by value, before strings by code point. */
export function compareIds(a: Id, b: Id): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1
  return typeof b === 'number' ? 1 : compareStrings(a, b)
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}
