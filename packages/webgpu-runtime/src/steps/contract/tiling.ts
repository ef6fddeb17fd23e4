import type { AdapterClass } from '../lowered-step.ts'
import type { Product } from './product.ts'
import type { Tiling } from './tiled.ts'

/** What pays on a class of adapters. */
interface Preference {
  /** Workgroups that the adapter should have at least: smaller tiles, then parts of the depth, give more of them. */
  readonly workgroups: number
  /** Steps of depth that a part has at least. */
  readonly leastPart: number
  /** Up to so many rows or columns, each result is summed by itself. */
  readonly fewest: number
  /** As it is up to this depth where there are few rows and few columns. */
  readonly shallow: number
}

/**
 * Those of `software` were measured on SwiftShader, where barriers cost most; no GPU was at hand for the others, which
 * go by what a GPU of some twenty cores needs to be busy, and by reading an operand once where there are few rows.
 */
const preferences: Readonly<Record<AdapterClass, Preference>> = {
  software: { workgroups: 2, leastPart: Number.POSITIVE_INFINITY, fewest: 0, shallow: 16 },
  gpu: { workgroups: 64, leastPart: 256, fewest: 4, shallow: Number.POSITIVE_INFINITY },
}

/** Up to so many rows and columns, most of a tile would be empty. */
const small = 12

/** How a product is cut into tiles; null where its results are summed one by one. */
export function tilingOf({ batch, rows, columns, depth }: Product, adapter: AdapterClass): Tiling | null {
  const { workgroups, leastPart, fewest, shallow } = preferences[adapter]
  const [less, more] = [Math.min(rows, columns), Math.max(rows, columns)]
  if (less <= fewest || (more <= small && depth <= shallow)) return null
  const count = (tile: number): number => batch * Math.ceil(rows / tile) * Math.ceil(columns / tile)
  const tile = less > 32 && count(64) >= workgroups ? 64 : 32
  const parts = Math.min(Math.floor(workgroups / count(tile)), Math.floor(depth / leastPart))
  return { tile, parts: Math.max(1, parts) }
}
