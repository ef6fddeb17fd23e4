import { normalTable, piecesPerOctave, tailRows } from './normal-table.ts'

let table: Int32Array | null = null

/** `c * t / 2^16` for a signed 32-bit c and a 16-bit t, rounded down. */
const scale = (c: number, t: number): number => Math.imul(c >> 16, t) + (((c & 0xffff) * t) >>> 16)

/**
 * A standard normal number from 32 random bits: the inverse distribution function at `(w + 1/2) / 2^32` for the
 * bits as an unsigned w, in integer arithmetic, as a multiple of 2^-21 of magnitude at most 6.34. The error is
 * below 1e-6.
 *
 * @param bits - a 32-bit pattern as a signed number
 */
export function normalFromBits(bits: number): number {
  table ??= normalTable()
  const v = bits < 0 ? ~bits : bits
  let row = v
  let t = 0
  if (v >= tailRows) {
    const octave = 26 - Math.clz32(v)
    const low = v & ((1 << octave) - 1)
    row = tailRows + octave * piecesPerOctave + ((v >> octave) & 31)
    t = octave <= 16 ? low << (16 - octave) : low >> (octave - 16)
  }
  const c0 = table[row * 3]
  const c1 = table[row * 3 + 1]
  const c2 = table[row * 3 + 2]
  const z = (c0 + scale(c1 + scale(c2, t), t) + 64) >> 7
  return (bits < 0 ? z : -z) * 2 ** -21
}
