import { bendMisses, firstPiece, slopeMisses, tailValues, valueMisses } from './normal-table.ts'

const tailRows = 32
const piecesPerOctave = 32

/** Rows `[c0, c1, c2]` of the table, one after the other. */
export function normalTable(): Int32Array {
  const rows = tailRows + 1 + valueMisses.length
  const table = new Int32Array(rows * 3)
  for (let row = 0; row < tailRows; row++) table[row * 3] = tailValues[row]
  table.set(firstPiece, tailRows * 3)
  for (let row = tailRows + 1; row < rows; row++) {
    const [c0, c1, c2] = table.subarray((row - 1) * 3, row * 3)
    const widening = row % piecesPerOctave === 0 ? 2 : 1
    const miss = row - tailRows - 1
    table[row * 3] = c0 + c1 + c2 + valueMisses[miss]
    table[row * 3 + 1] = widening * (c1 + 2 * c2) + slopeMisses[miss]
    table[row * 3 + 2] = widening * widening * c2 + bendMisses[miss]
  }
  return table
}

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
