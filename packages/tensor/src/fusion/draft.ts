import { type AffineMap, composeMaps, identityMap, isContiguous } from '../graph/affine.ts'
import { contiguousStrides, type Shape, sizeOf } from '../shape.ts'

/** More instructions than this in one kernel cost more in registers than they save in memory traffic. */
const mostMembers = 64

/** Longer rows fall out of the cache between two sweeps. */
export const longestRow = 65536

/** A kernel that is being put together: values over one iteration space, each at the places where it is needed. */
export class Draft {
  kind: 'pointwise' | 'rows' | 'columns' = 'pointwise'
  space: Shape
  /** Leading dims of `space` that are not reduced, in `rows`. */
  split: number
  /** Dims of `space` that are reduced, in `columns`. */
  reduced: readonly number[] = []
  /** It makes a copy for another kernel, which would read badly what it reads. */
  copies = false
  /** For each value that is computed here, the maps from the space to its elements. */
  readonly places = new Map<number, AffineMap[]>()
  /** Values that are stored. */
  readonly stores = new Set<number>()
  /** Values of `columns` that follow on a reduction. */
  readonly after = new Set<number>()

  constructor(space: Shape) {
    this.space = space
    this.split = space.length
  }

  get size(): number {
    return sizeOf(this.space)
  }

  get full(): boolean {
    return this.places.size >= mostMembers
  }

  add(value: number, place: AffineMap): void {
    const places = this.places.get(value)
    if (!places) this.places.set(value, [place])
    else if (!places.some(known => sameMap(known, place))) places.push(place)
  }

  /** Columns in a row when a value of `size` elements, read at `place`, is one per row; null when it is not. */
  #splitOf(place: AffineMap, size: number): number | null {
    let split = this.space.length
    let columns = 1
    const total = this.size
    while (split > 0 && size * columns < total) {
      split -= 1
      if (this.space[split] !== 1 && place.strides[split] !== 0) return null
      columns *= this.space[split]
    }
    if (size * columns !== total) return null
    const kept = contiguousStrides(this.space.slice(0, split))
    const dense = place.offset === 0 && kept.every((stride, d) => this.space[d] === 1 || place.strides[d] === stride)
    return dense ? split : null
  }

  /** Whether every element of a value of `size` elements is met in order, and once if it is one per row. */
  isDense(place: AffineMap, size: number): boolean {
    if (this.kind === 'columns') return false
    if (size === this.size && isContiguous(place) && place.offset === 0) return true
    const split = this.size === 0 ? null : this.#splitOf(place, size)
    return split !== null && (this.kind === 'pointwise' || this.#sameSplit(split))
  }

  #sameSplit(split: number): boolean {
    return sizeOf(this.space.slice(0, split)) === sizeOf(this.space.slice(0, this.split))
  }

  /** Stores a value that {@link Draft.isDense} accepts. */
  store(value: number, place: AffineMap, size: number): void {
    this.add(value, place)
    this.stores.add(value)
    if (size === this.size || this.kind !== 'pointwise') return
    this.kind = 'rows'
    this.split = this.#splitOf(place, size) as number
  }

  /**
   * Lets a reduction of trailing dims join, read at `place`: as one value per row of what is already here, or with
   * what is already here as its rows. Gives the map from the space to the elements that it reduces, null if it cannot.
   */
  joinRows(value: number, place: AffineMap, rows: number, reduced: Shape): AffineMap | null {
    const columns = sizeOf(reduced)
    if (this.kind === 'columns' || this.full) return null
    if (this.size === rows * columns && this.size > 0 && (columns > 1 || this.kind === 'rows')) {
      const split = this.#splitOf(place, rows)
      if (split === null || columns > longestRow || (this.kind === 'rows' && !this.#sameSplit(split))) return null
      if (this.kind === 'pointwise') this.split = split
      this.kind = 'rows'
    } else {
      if (this.kind !== 'pointwise' || this.size !== rows || !isContiguous(place) || place.offset !== 0) return null
      const extend = (map: AffineMap): AffineMap => ({
        shape: [...map.shape, ...reduced],
        strides: [...map.strides, ...reduced.map(() => 0)],
        offset: map.offset,
        guard: null,
      })
      for (const [member, places] of this.places) this.places.set(member, places.map(extend))
      place = extend(place)
      this.kind = 'rows'
      this.split = this.space.length
      this.space = [...this.space, ...reduced]
    }
    this.add(value, place)
    return identityMap(this.space)
  }

  /** Lets a reduction join whose result is what is already here reads, and nothing but it. */
  joinColumns(value: number, place: AffineMap, input: Shape, dims: readonly number[]): AffineMap | null {
    const kept = input.filter((_, d) => !dims.includes(d))
    if (this.kind !== 'pointwise' || this.full) return null
    if (this.size !== sizeOf(kept) || !isContiguous(place) || place.offset !== 0) return null
    const own = contiguousStrides(kept)
    let at = 0
    const strides = input.map((_, d) => (dims.includes(d) ? 0 : own[at++]))
    const outer: AffineMap = { shape: input, strides, offset: 0, guard: null }
    const moved = new Map<number, AffineMap[]>()
    for (const [member, places] of this.places) {
      const composed = places.map(known => composeMaps(outer, known))
      if (composed.includes(null)) return null
      moved.set(member, composed as AffineMap[])
    }
    for (const [member, places] of moved) {
      this.places.set(member, places)
      this.after.add(member)
    }
    this.kind = 'columns'
    this.space = input
    this.reduced = dims
    this.add(value, outer)
    return identityMap(input)
  }
}

export function sameMap(a: AffineMap, b: AffineMap): boolean {
  return a.offset === b.offset && a.strides.every((stride, d) => stride === b.strides[d] || a.shape[d] === 1)
}
