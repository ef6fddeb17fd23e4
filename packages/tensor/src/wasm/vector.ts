/** A strided matrix in a typed array; offset and strides count elements. */
export interface MatrixView {
  readonly data: Float32Array
  readonly offset: number
  readonly rowStride: number
  readonly columnStride: number
}

/** `[m, k] x [k, n]`. */
export interface ProductSizes {
  readonly m: number
  readonly k: number
  readonly n: number
}

/** Column sums of one stretch stay in the nearest cache, and in float64, while the rows pass by. */
const stretch = 1024
const sums = new Float64Array(stretch)

/**
 * Row 0 of `x` times `matrix`, summed in float64 and written densely from `at`. Memory is walked along
 * whichever dim of the matrix lies closer together.
 */
export function vectorTimesMatrix(
  x: MatrixView,
  matrix: MatrixView,
  { k, n }: ProductSizes,
  out: Float32Array,
  at: number,
): void {
  if (n < 8 || Math.abs(matrix.rowStride) < Math.abs(matrix.columnStride)) dotColumns(x, matrix, k, n, out, at)
  else addRows(x, matrix, k, n, out, at)
}

function dotColumns(x: MatrixView, matrix: MatrixView, k: number, n: number, out: Float32Array, at: number): void {
  let column = 0
  for (; column + 4 <= n; column += 4) dotFour(x, matrix, column, k, out, at + column)
  for (; column < n; column++) out[at + column] = dotOne(x, matrix, column, k)
}

/** Four columns side by side: four additions are under way at a time, and x is read once for all of them. */
function dotFour(x: MatrixView, matrix: MatrixView, column: number, k: number, out: Float32Array, at: number): void {
  const { data, rowStride: step, columnStride } = matrix
  let p = x.offset
  let q0 = matrix.offset + column * columnStride
  let q1 = q0 + columnStride
  let q2 = q1 + columnStride
  let q3 = q2 + columnStride
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  for (let left = k; left > 0; left--) {
    const factor = x.data[p]
    s0 += factor * data[q0]
    s1 += factor * data[q1]
    s2 += factor * data[q2]
    s3 += factor * data[q3]
    p += x.columnStride
    q0 += step
    q1 += step
    q2 += step
    q3 += step
  }
  out[at] = s0
  out[at + 1] = s1
  out[at + 2] = s2
  out[at + 3] = s3
}

function dotOne(x: MatrixView, matrix: MatrixView, column: number, k: number): number {
  const { data, rowStride: step } = matrix
  let p = x.offset
  let q = matrix.offset + column * matrix.columnStride
  let even = 0
  let odd = 0
  let left = k
  for (; left >= 2; left -= 2) {
    even += x.data[p] * data[q]
    odd += x.data[p + x.columnStride] * data[q + step]
    p += 2 * x.columnStride
    q += 2 * step
  }
  if (left > 0) even += x.data[p] * data[q]
  return even + odd
}

function addRows(x: MatrixView, matrix: MatrixView, k: number, n: number, out: Float32Array, at: number): void {
  for (let first = 0; first < n; first += stretch) {
    const width = Math.min(stretch, n - first)
    const start = matrix.offset + first * matrix.columnStride
    sums.fill(0, 0, width)
    let row = 0
    for (; row + 4 <= k; row += 4) addFour(x, matrix, row, start, width)
    for (; row < k; row++) addOne(x, matrix, row, start, width)
    for (let j = 0; j < width; j++) out[at + first + j] = sums[j]
  }
}

function addFour(x: MatrixView, matrix: MatrixView, row: number, start: number, width: number): void {
  const { data, rowStride, columnStride: step } = matrix
  const p = x.offset + row * x.columnStride
  const x0 = x.data[p]
  const x1 = x.data[p + x.columnStride]
  const x2 = x.data[p + 2 * x.columnStride]
  const x3 = x.data[p + 3 * x.columnStride]
  let q0 = start + row * rowStride
  let q1 = q0 + rowStride
  let q2 = q1 + rowStride
  let q3 = q2 + rowStride
  for (let j = 0; j < width; j++) {
    sums[j] += x0 * data[q0] + x1 * data[q1] + (x2 * data[q2] + x3 * data[q3])
    q0 += step
    q1 += step
    q2 += step
    q3 += step
  }
}

function addOne(x: MatrixView, matrix: MatrixView, row: number, start: number, width: number): void {
  const { data, rowStride, columnStride: step } = matrix
  const factor = x.data[x.offset + row * x.columnStride]
  let q = start + row * rowStride
  for (let j = 0; j < width; j++) {
    sums[j] += factor * data[q]
    q += step
  }
}

/**
 * Column 0 of `x` times row 0 of `y`, written densely from `at`. The added zero turns -0 into the 0 that a
 * sum starting at 0 gives.
 */
export function outerProduct(
  x: MatrixView,
  y: MatrixView,
  { m, n }: ProductSizes,
  out: Float32Array,
  at: number,
): void {
  const { data, columnStride: step } = y
  let to = at
  for (let row = 0; row < m; row++) {
    const factor = x.data[x.offset + row * x.rowStride]
    let from = y.offset
    for (const end = to + n; to < end; to++) {
      out[to] = factor * data[from] + 0
      from += step
    }
  }
}
