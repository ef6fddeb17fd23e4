/** One dim of a group of dims; the stride counts elements and may be zero or negative. */
export interface Dim {
  readonly size: number
  readonly stride: number
}

/**
 * How a product reaches an operand: element (batch, line, depth) stands at `offset` plus what the three positions
 * add. A position runs row-major through its group of dims; an empty group has one position.
 */
export interface GroupedAccess {
  readonly offset: number
  readonly batch: readonly Dim[]
  /** Rows of a, columns of b. */
  readonly line: readonly Dim[]
  /** What is summed over. */
  readonly depth: readonly Dim[]
}

/** How many positions a group has. */
export const positions = (dims: readonly Dim[]): number => dims.reduce((product, dim) => product * dim.size, 1)

/** The same positions in as few dims as possible. */
export function joinDims(dims: readonly Dim[]): Dim[] {
  const joined: Dim[] = []
  for (const { size, stride } of dims) {
    const outer = joined.at(-1)
    if (size === 1) continue
    if (outer && outer.stride === size * stride) joined[joined.length - 1] = { size: outer.size * size, stride }
    else joined.push({ size, stride })
  }
  return joined
}

export const joinAccess = (access: GroupedAccess): GroupedAccess => ({
  offset: access.offset,
  batch: joinDims(access.batch),
  line: joinDims(access.line),
  depth: joinDims(access.depth),
})

/** Whether neighbours of a joined group are neighbours in memory; a group of one position counts as such. */
export const isContiguousGroup = (dims: readonly Dim[]): boolean =>
  dims.length === 0 || (dims.length === 1 && dims[0].stride === 1)

/**
 * A group as words for {@link writeOffsets}: the number of dims, then size and stride in bytes of each, the innermost
 * first.
 */
export function groupWords(dims: readonly Dim[], elementBytes: number): number[] {
  const listed = dims.length === 0 ? [{ size: 1, stride: 0 }] : dims.toReversed()
  return [listed.length, ...listed.flatMap(dim => [dim.size, dim.stride * elementBytes])]
}

/** The lists of words of one operand. */
export function accessLists<Name extends 'a' | 'b'>(name: Name, access: GroupedAccess, elementBytes: number) {
  return {
    [`${name}Batch`]: groupWords(access.batch, elementBytes),
    [`${name}Line`]: groupWords(access.line, elementBytes),
    [`${name}Depth`]: groupWords(access.depth, elementBytes),
  } as Record<`${Name}${'Batch' | 'Line' | 'Depth'}`, number[]>
}
