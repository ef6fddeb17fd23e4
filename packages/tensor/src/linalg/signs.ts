import { type Matrix, scale } from './dense.ts'

/** Entries this close to the largest count as ties, which rounding would break at random. */
const tie = 1 - 1e-9

/**
 * Makes the entry of largest magnitude of every row of length n positive, the first of several, and turns the rows of
 * `partner`, of length m, along.
 */
export function fixSigns(rows: Matrix, n: number, partner?: Matrix, m = 0): void {
  for (let i = 0; i * n < rows.length; i++) {
    const row = rows.subarray(i * n, (i + 1) * n)
    const largest = row.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
    const first = row.find(x => Math.abs(x) >= largest * tie) as number
    if (!(first < 0)) continue
    scale(row, -1)
    if (partner) scale(partner.subarray(i * m, (i + 1) * m), -1)
  }
}
