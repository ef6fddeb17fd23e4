import type { AdapterClass } from '../../device/adapter-class.ts'
import type { Product } from './product.ts'
import type { Tile, Tiling } from './tiled.ts'

/** Adapters with workgroup memory that is fast. */
type Maker = Exclude<AdapterClass, 'software'>

/** Steps of depth that a part has at least. */
const leastPart = 256
/** Up to so many rows or columns, each result is summed by itself, so that operands are read once. */
const fewest = 4

/**
 * Workgroups that an adapter should have at least: smaller tiles, then parts of the depth, give more of them. No GPU was
 * at hand to measure them. They go by the cores of what is common of a maker: some 10 to 20 in an Apple or Intel part, 30
 * to 130 in one of AMD or NVIDIA.
 */
const leastWorkgroups: Readonly<Record<Maker, number>> = { apple: 32, nvidia: 128, amd: 96, intel: 32, unknown: 64 }

/** Up to so many rows and columns, most of a tile would be empty. */
const small = 12

/**
 * How a product is cut into tiles; null where its results are summed one by one.
 * @param largest tiles where there are many of them; default 64
 */
export function tilingOf({ batch, rows, columns, depth }: Product, adapter: Maker, largest: Tile = 64): Tiling | null {
  const workgroups = leastWorkgroups[adapter]
  const [less, more] = [Math.min(rows, columns), Math.max(rows, columns)]
  if (less <= fewest || more <= small) return null
  const count = (tile: number): number => batch * Math.ceil(rows / tile) * Math.ceil(columns / tile)
  const tile = largest === 64 && less > 32 && count(64) >= workgroups ? 64 : 32
  const parts = Math.min(Math.floor(workgroups / count(tile)), Math.floor(depth / leastPart))
  return { tile, parts: Math.max(1, parts) }
}
