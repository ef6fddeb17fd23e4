import type { Code, Local } from '../code.ts'

const lanes = (...picked: number[]): number[] => picked.flatMap(lane => [0, 1, 2, 3].map(byte => lane * 4 + byte))

/** The shuffles of a transposition: pairs of neighbours of two vectors, and halves of two such pairs. */
export const interleave = { low: lanes(0, 4, 1, 5), high: lanes(2, 6, 3, 7) }
export const halves = { low: lanes(0, 1, 4, 5), high: lanes(2, 3, 6, 7) }

/** Transposes four vectors of four lanes; a target may be a source. */
export function transposeFour(code: Code, from: readonly Local[], to: readonly Local[]): void {
  const [a, b, c, d] = from
  const [ab, AB, cd, CD] = Array.from({ length: 4 }, () => code.local('v128'))
  code.get(a).get(b).shuffle(interleave.low).set(ab).get(a).get(b).shuffle(interleave.high).set(AB)
  code.get(c).get(d).shuffle(interleave.low).set(cd).get(c).get(d).shuffle(interleave.high).set(CD)
  code.get(ab).get(cd).shuffle(halves.low).set(to[0]).get(ab).get(cd).shuffle(halves.high).set(to[1])
  code.get(AB).get(CD).shuffle(halves.low).set(to[2]).get(AB).get(CD).shuffle(halves.high).set(to[3])
}
