import { type AffineMap, composeMaps, identityMap } from '../graph/affine.ts'
import { sizeOf } from '../shape.ts'
import { bytesOf, isCheap, isCostly } from './cost.ts'
import { Draft, sameMap } from './draft.ts'
import { aroundIndex } from './gathers.ts'
import type { LoopLimits } from './loops/limits.ts'
import type { Read, Value, Values } from './values.ts'

/** A chain of this many values may be computed again instead of being stored. */
const mostRepeats = 4

/** Which values are computed together, and which of them are stored. */
export interface Partition {
  /** The kernel that stores a value; null for leaves, numbers and what is never stored. */
  readonly makers: readonly (Draft | null)[]
  /** For reductions, the map from their kernel's space to what they reduce. */
  readonly inputs: ReadonlyMap<number, AffineMap>
  /** Kernels of their own: contractions and what cannot be fused. */
  readonly single: ReadonlySet<number>
}

/** A place where a value is needed. */
interface Site {
  readonly draft: Draft
  readonly place: AffineMap
}

/** Whether the last dim that has more than one position is reduced; otherwise it is kept. */
function reducesRows({ node, reads: [read] }: Value): boolean {
  const { shape } = read.map
  const dims = (node.primitive as { dims: readonly number[] }).dims
  if (dims.every(d => shape[d] === 1)) return true
  return dims.includes(shape.findLastIndex(size => size !== 1))
}

/**
 * Puts values into kernels, consumers first, so that a value knows all who need it: into the one kernel that needs
 * it; again into each of several when that is cheap; otherwise stored once, by a kernel that needs it anyway if no
 * cycle comes of it.
 * @param fusion without, every value is stored by a kernel of its own. @default true
 */
export function partition({ values, outputs }: Values, { largeBytes }: LoopLimits, fusion = true): Partition {
  const stored = new Set(outputs)
  const homes: Set<Draft>[] = values.map(() => new Set())
  const makers: (Draft | null)[] = values.map(() => null)
  const inputs = new Map<number, AffineMap>()
  const single = new Set<number>()
  const users: { by: number; read: Read; fused: boolean }[][] = values.map(() => [])
  const live = new Set(outputs)
  /** How many values in a row, up to this one, are computed again wherever they are needed. */
  const repeats = values.map(() => 0)

  /** Whether a kernel waits for something else that needs `value`: then it may not be the one that makes it. */
  const waitsForOthers = (draft: Draft, value: number): boolean => {
    const others = new Set<Draft | number>()
    for (const { by, fused } of users[value]) {
      // A lookup needs the whole of what it looks into, before its kernel begins.
      if (!fused && homes[by].has(draft)) return true
      if (homes[by].size === 0) others.add(by)
      for (const home of homes[by]) if (home !== draft) others.add(home)
    }
    if (others.size === 0) return false
    const seen = new Set<Draft | number>([draft])
    const stack: number[] = []
    const enter = (home: Draft) => {
      for (const member of home.places.keys()) for (const { base } of values[member].reads) stack.push(base)
    }
    enter(draft)
    while (stack.length > 0) {
      const at = stack.pop() as number
      const step = makers[at] ?? at
      if (at <= value || seen.has(step)) continue
      seen.add(step)
      if (others.has(step)) return true
      if (step instanceof Draft) enter(step)
      else for (const { base } of values[at].reads) stack.push(base)
    }
    return false
  }

  /** Where a value is needed, and by which kernels at places that are not one dense walk, or at no place of theirs. */
  const sitesOf = (value: number): { sites: Site[]; blocked: boolean; torn: ReadonlySet<Draft> } => {
    const sites: Site[] = []
    const torn = new Set<Draft>()
    let blocked = false
    for (const { by, read, fused } of users[value]) {
      if (!fused) blocked = true
      for (const draft of homes[by]) {
        const reduced = inputs.get(by)
        const from = reduced ? [reduced] : (draft.places.get(by) as AffineMap[])
        for (const outer of from) {
          const place = fused ? composeMaps(outer, read.map) : null
          if (!place) {
            blocked = true
            torn.add(draft)
          } else if (!sites.some(site => site.draft === draft && sameMap(site.place, place))) {
            if (sites.some(site => site.draft === draft)) torn.add(draft)
            sites.push({ draft, place })
          }
        }
      }
    }
    return { sites, blocked, torn }
  }

  /** Whether a value would have to be loaded behind a reduction over leading dims, where nothing is loaded. */
  const entersLate = (value: number, { draft }: Site): boolean =>
    draft.kind === 'columns' && users[value].some(({ by }) => draft.after.has(by))

  /** Whether the operands of a value can be read at a place of the value. */
  const reaches = (value: number, place: AffineMap): boolean => {
    const { node, reads, copies } = values[value]
    const looksUp = node.primitive.kind === 'gather' && !copies
    return reads.every(({ base, map }, i) => {
      if (looksUp && i === 0) return composeMaps(place, aroundIndex(values[value])) !== null
      return values[base].role === 'number' || composeMaps(place, map) !== null
    })
  }

  const canRepeat = (value: number, site: Site): boolean =>
    !site.draft.full &&
    !entersLate(value, site) &&
    reaches(value, site.place) &&
    isCheap(values[value], values) &&
    !isRepeated(values[value], site.draft, site.place)

  const join = (value: number, { draft, place }: Site): boolean => {
    const { node, role, reads } = values[value]
    if (role === 'pointwise') {
      if (draft.full || !reaches(value, place) || isRepeated(values[value], draft, place)) return false
      draft.add(value, place)
      return true
    }
    const { shape } = reads[0].map
    const dims = (node.primitive as { dims: readonly number[] }).dims
    let input: AffineMap | null
    if (reducesRows(values[value])) {
      const reduced = dims.length > 0 ? shape.filter((_, d) => dims.includes(d)) : [1]
      const joins = draft.size === sizeOf(shape) && draft.size !== sizeOf(node.shape)
      if (!reaches(value, identityMap(joins ? draft.space : [...draft.space, ...reduced]))) return false
      input = draft.joinRows(value, place, sizeOf(node.shape), reduced)
    } else {
      // Behind a reduction over leading dims nothing is loaded, and no position is known.
      for (const member of draft.places.keys()) {
        if (dependsOnPlace(values[member])) return false
        for (const { base } of values[member].reads)
          if (base !== value && !draft.places.has(base) && values[base].role !== 'number') return false
      }
      input = draft.joinColumns(value, place, shape, dims)
    }
    if (input) inputs.set(value, input)
    return input !== null
  }

  const begin = (value: number): Draft => {
    const { node, role } = values[value]
    if (role === 'pointwise') {
      const draft = new Draft(node.shape)
      draft.add(value, identityMap(node.shape))
      return draft
    }
    const draft = new Draft(node.shape)
    if (!join(value, { draft, place: identityMap(node.shape) }))
      throw new Error(`partition: ${node.op} cannot be placed`)
    return draft
  }

  for (let value = values.length - 1; value >= 0; value--) {
    const { node, role, reads, copies } = values[value]
    if (!live.has(value) || role === 'leaf' || role === 'number' || role === 'alias') continue
    for (const [i, read] of reads.entries()) {
      live.add(read.base)
      const fused: boolean =
        role === 'reduce' || (role === 'pointwise' && (copies || node.primitive.kind !== 'gather' || i > 0))
      users[read.base].push({ by: value, read, fused })
    }
    if (role !== 'pointwise' && role !== 'reduce') {
      single.add(value)
      continue
    }
    const { sites, blocked, torn } = sitesOf(value)
    const size = sizeOf(node.shape)
    const ownKernel = !fusion || picksFrom(values[value], values) > largeBytes
    const mustStore = ownKernel || blocked || stored.has(value)
    if (!mustStore && sites.length === 1 && !entersLate(value, sites[0]) && join(value, sites[0])) {
      homes[value].add(sites[0].draft)
      continue
    }
    const again = 1 + Math.max(0, ...users[value].map(({ by }) => repeats[by]))
    if (!mustStore && again <= mostRepeats && sites.every(site => canRepeat(value, site))) {
      repeats[value] = again
      for (const { draft, place } of sites) {
        draft.add(value, place)
        homes[value].add(draft)
      }
      continue
    }
    // The largest kernel is the one that most likely computes the operands as well.
    const home =
      (ownKernel ? [] : sites)
        .sort((a, b) => b.draft.size - a.draft.size)
        .find(
          site =>
            !torn.has(site.draft) &&
            site.draft.isDense(site.place, size) &&
            !entersLate(value, site) &&
            !waitsForOthers(site.draft, value) &&
            join(value, site),
        )?.draft ?? begin(value)
    if (home.places.size > 1) {
      const [place] = home.places.get(value) as AffineMap[]
      home.store(value, place, size)
    } else home.stores.add(value)
    homes[value].add(home)
    makers[value] = home
  }
  return { makers, inputs, single }
}

/** Whether costly arithmetic would be done more than once for an element. */
function isRepeated(value: Value, draft: Draft, place: AffineMap): boolean {
  if (!isCostly(value)) return false
  const inner = draft.kind === 'rows' ? place.strides.slice(draft.split).some(stride => stride !== 0) : varies(place)
  return inner && draft.size > sizeOf(value.node.shape)
}

/**
 * Bytes of the computed value that a value is looked up in, else 0. A large one may never be in memory as a whole: then
 * it is picked where the rows of that one are, and not by a kernel over all of them.
 */
const picksFrom = ({ node: { primitive }, reads, copies }: Value, values: readonly Value[]): number =>
  primitive.kind === 'gather' && !copies && values[reads[0].base].role !== 'leaf' ? bytesOf(values[reads[0].base]) : 0

/** Whether a value changes along the last dim that has more than one position. */
function varies({ shape, strides }: AffineMap): boolean {
  for (let d = shape.length - 1; d >= 0; d--) if (shape[d] > 1) return strides[d] !== 0
  return false
}

/** Whether a value is made from its place, or looked up. */
const dependsOnPlace = ({ node: { primitive }, copies }: Value): boolean =>
  !copies && ['iota', 'random', 'gather'].includes(primitive.kind)
