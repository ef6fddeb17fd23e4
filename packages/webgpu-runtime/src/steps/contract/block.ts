import type { Product } from './product.ts'

/** How a product is cut where invocations work by themselves. */
export interface Block {
  /** Rows and columns of the result that an invocation makes. */
  readonly down: number
  readonly across: number
  /** Parts of the depth that are summed by themselves. */
  readonly parts: number
}

/** Invocations that keep all cores of a processor busy, each with four of them side by side. */
const units = 64
/** Steps of depth that a part has at least. */
const leastPart = 1024

/** Largest first. */
const sizes: readonly (readonly [number, number])[] = [
  [8, 8],
  [8, 4],
  [4, 8],
  [4, 4],
  [8, 1],
  [1, 8],
  [4, 1],
  [1, 4],
  [1, 1],
]

/** The largest blocks of which there are enough and of which not too much stays empty; parts where there are too few. */
export function blockOf({ batch, rows, columns, depth }: Product): Block {
  const count = ([down, across]: readonly [number, number]): number =>
    batch * Math.ceil(rows / down) * Math.ceil(columns / across)
  const isFull = (size: readonly [number, number]): boolean =>
    2 * batch * rows * columns > count(size) * size[0] * size[1]
  const full = sizes.filter(isFull)
  const [down, across] = full.find(size => count(size) >= units) ?? full[full.length - 1]
  const parts = Math.min(Math.floor(units / count([down, across])), Math.floor(depth / leastPart))
  return { down, across, parts: Math.max(1, parts) }
}
