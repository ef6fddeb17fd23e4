/** The lines that a panel interleaves: rows of A or columns of B, each running along K. */
export interface Lines {
  readonly data: Float32Array
  /** Element 0 of line 0. */
  readonly offset: number
  /** Distance in elements between lines. */
  readonly stride: number
  /** Distance in elements between neighbours of one line. */
  readonly step: number
}

/**
 * Copies lines into panels of `width` at the start of `target`: a panel holds element 0 of its lines, then
 * element 1 and so on. Missing lines of the last panel and elements from `depth` to `paddedDepth` are zeros.
 */
export function packPanels(
  target: Float32Array,
  lines: Lines,
  count: number,
  depth: number,
  width: number,
  paddedDepth: number,
): void {
  for (let first = 0, at = 0; first < count; first += width) {
    const start = lines.offset + first * lines.stride
    if (count - first < width) packPartial(target, at, lines, start, count - first, depth, width)
    else if (width === 8) packEight(target, at, lines, start, depth)
    else if (width === 6) packSix(target, at, lines, start, depth)
    else packFour(target, at, lines, start, depth)
    target.fill(0, at + depth * width, at + paddedDepth * width)
    at += paddedDepth * width
  }
}

/** Walking the lines side by side writes in order, and reads in order whichever of the strides is 1. */
function packEight(target: Float32Array, at: number, lines: Lines, start: number, depth: number): void {
  const { data, stride, step } = lines
  let r0 = start
  let r1 = r0 + stride
  let r2 = r1 + stride
  let r3 = r2 + stride
  let r4 = r3 + stride
  let r5 = r4 + stride
  let r6 = r5 + stride
  let r7 = r6 + stride
  const end = at + depth * 8
  for (let to = at; to < end; to += 8) {
    target[to] = data[r0]
    target[to + 1] = data[r1]
    target[to + 2] = data[r2]
    target[to + 3] = data[r3]
    target[to + 4] = data[r4]
    target[to + 5] = data[r5]
    target[to + 6] = data[r6]
    target[to + 7] = data[r7]
    r0 += step
    r1 += step
    r2 += step
    r3 += step
    r4 += step
    r5 += step
    r6 += step
    r7 += step
  }
}

function packSix(target: Float32Array, at: number, lines: Lines, start: number, depth: number): void {
  const { data, stride, step } = lines
  let r0 = start
  let r1 = r0 + stride
  let r2 = r1 + stride
  let r3 = r2 + stride
  let r4 = r3 + stride
  let r5 = r4 + stride
  const end = at + depth * 6
  for (let to = at; to < end; to += 6) {
    target[to] = data[r0]
    target[to + 1] = data[r1]
    target[to + 2] = data[r2]
    target[to + 3] = data[r3]
    target[to + 4] = data[r4]
    target[to + 5] = data[r5]
    r0 += step
    r1 += step
    r2 += step
    r3 += step
    r4 += step
    r5 += step
  }
}

function packFour(target: Float32Array, at: number, lines: Lines, start: number, depth: number): void {
  const { data, stride, step } = lines
  let r0 = start
  let r1 = r0 + stride
  let r2 = r1 + stride
  let r3 = r2 + stride
  const end = at + depth * 4
  for (let to = at; to < end; to += 4) {
    target[to] = data[r0]
    target[to + 1] = data[r1]
    target[to + 2] = data[r2]
    target[to + 3] = data[r3]
    r0 += step
    r1 += step
    r2 += step
    r3 += step
  }
}

function packPartial(
  target: Float32Array,
  at: number,
  lines: Lines,
  start: number,
  count: number,
  depth: number,
  width: number,
): void {
  const { data, stride, step } = lines
  target.fill(0, at, at + depth * width)
  for (let line = 0; line < count; line++) {
    let from = start + line * stride
    for (let d = 0; d < depth; d++) {
      target[at + d * width + line] = data[from]
      from += step
    }
  }
}
