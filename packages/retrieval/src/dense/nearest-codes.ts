/**
 * The k rows of least distance, ties to the lower row, by counting how many rows there are at each distance: linear in
 * the rows whatever k is.
 *
 * @param distances one per row, 0..largest
 * @param accept rows that do not pass are left out
 * @returns row numbers in ascending order (not by distance)
 */
export function nearestCodes(
  distances: Int32Array,
  largest: number,
  k: number,
  accept?: (row: number) => boolean,
): Int32Array {
  const counts = new Int32Array(largest + 2)
  for (let r = 0; r < distances.length; r++) {
    if (accept !== undefined && !accept(r)) distances[r] = largest + 1
    counts[distances[r]]++
  }
  let cut = 0
  let closer = 0
  while (cut <= largest && closer + counts[cut] <= k) closer += counts[cut++]
  let atCut = cut <= largest ? k - closer : 0
  const rows = new Int32Array(closer + atCut)
  for (let r = 0, n = 0; n < rows.length; r++) {
    if (distances[r] < cut || (distances[r] === cut && atCut-- > 0)) rows[n++] = r
  }
  return rows
}
