import { SurprisalError } from '@surprisal/tensor'

/** Options of {@link gridFor}. */
export interface GridOptions {
  /** Most workgroups along one dimension. @default 65535 */
  readonly max?: number
}

/**
 * Spreads workgroups over up to three dimensions of a dispatch; a kernel finds its number as
 * `wid.x + nx * (wid.y + ny * wid.z)` and returns when that is not below `groups`.
 * @returns `[x, y, z]`, whose product is at least `groups`; `[0, 1, 1]` for none
 * @throws {SurprisalError} `argument` unless `groups` is an integer from 0 to max^3
 */
export function gridFor(groups: number, options: GridOptions = {}): [number, number, number] {
  const { max = 65_535 } = options
  if (!Number.isSafeInteger(groups) || groups < 0)
    throw new SurprisalError('argument', `gridFor: groups must be a non-negative integer, got ${groups}`)
  if (groups > max ** 3)
    throw new SurprisalError('argument', `gridFor: groups must be at most ${max}^3 (max^3), got ${groups}`)
  if (groups <= max) return [groups, 1, 1]
  const z = groups <= max ** 2 ? 1 : Math.ceil(groups / max ** 2)
  const y = Math.ceil(groups / (z * max))
  return [Math.ceil(groups / (z * y)), y, z]
}
