import { type Group, sizeOf } from '@surprisal/tensor/backend'
import type { BindingKind } from '../pipelines/layouts.ts'
import type { StorageBinding } from './bindings.ts'
import type { IndexCheck } from './index-checks.ts'
import { isLong, lowerLongReduction } from './long-reduction.ts'
import { lowerPointwise } from './pointwise.ts'
import { lowerReduction } from './reduction.ts'
import { splitGroup } from './split-group.ts'
import type { Sharing } from './tree.ts'

/** A kernel of a group: code, which serves many shapes, and what belongs to this one. */
export interface GroupKernel {
  readonly wgsl: string
  readonly bindings: readonly BindingKind[]
  /** What the storage bindings hold, in order. */
  readonly storage: readonly StorageBinding[]
  /** The uniform block, scalars left 0. */
  readonly params: Uint32Array<ArrayBuffer>
  /** Where in it the two words of each scalar stand. */
  readonly slots: ReadonlyMap<number, number>
  readonly workgroup: number
  /** How many workgroups. */
  readonly groups: number
}

/** What a device allows a kernel. */
export interface LowerLimits {
  readonly maxStorageBuffersPerShaderStage: number
}

/**
 * The kernels of a group: one, or several where it writes more buffers than the device can bind; none where there is
 * nothing to compute.
 * @param sizes elements of each of its buffers
 * @param checks what its lookups report wrong indices as; default none do
 * @param sharing how the device shares what is reduced among invocations
 */
export function lowerGroup(
  group: Group,
  sizes: readonly number[],
  limits: LowerLimits,
  checks: readonly IndexCheck[] = [],
  sharing: Sharing = {},
): GroupKernel[] {
  const kept = group.space.filter((_, d) => !group.reduced.includes(d))
  if (sizeOf(group.kind === 'pointwise' ? group.space : kept) === 0) return []
  const most = limits.maxStorageBuffersPerShaderStage
  // Bindings are kept for what is read, joined if need be, the table of normal numbers, results of parts, the status.
  return splitGroup(group, most - (checks.length > 0 ? 4 : 3)).flatMap(part => {
    if (part.kind === 'pointwise') return [lowerPointwise(part, sizes, most, checks)]
    if (isLong(part, sharing)) return lowerLongReduction(part, sizes, most, checks, sharing)
    return [lowerReduction(part, sizes, most, checks, sharing)]
  })
}
