import { addScaled, inner, type Matrix } from './dense.ts'

/**
 * Turns `v[at..end)` into the vector of the reflection `I - beta v v^T` that maps it to a multiple of the first unit
 * vector, after Householder (1958).
 * @returns the multiple and beta
 */
export function reflectionOf(v: Matrix, at: number, end: number): [image: number, beta: number] {
  const norm = Math.sqrt(inner(v, at, v, at, end - at))
  if (norm === 0) return [0, 0]
  const image = v[at] > 0 ? -norm : norm
  v[at] -= image
  return [image, -1 / (image * v[at])]
}

/** Applies `I - beta v v^T` to `x`, both of length n. */
export function reflect(x: Matrix, j: number, beta: number, v: Matrix, i: number, n: number): void {
  addScaled(x, j, -beta * inner(x, j, v, i, n), v, i, n)
}
