import type { GroupKernel } from '../wgsl/group-kernel.ts'
import { moduleOf } from '../wgsl/module.ts'
import type { Params } from '../wgsl/params.ts'
import type { Binder } from './binder.ts'

/** What a kernel is made of, once its buffers are bound and its parameters are known. */
export interface KernelParts {
  readonly params: Params
  readonly binder: Binder
  readonly workgroup: number
  /** How many workgroups. */
  readonly groups: number
  /** Statements, in which `group` is the workgroup and `l` the invocation within it. */
  readonly lines: readonly string[]
  /** @default none */
  readonly declarations?: string
}

/** A kernel of a step. */
export const kernelOf = ({ params, binder, workgroup, groups, lines, declarations }: KernelParts): GroupKernel => ({
  wgsl: moduleOf(binder, params, workgroup, lines, declarations),
  bindings: binder.kinds,
  storage: binder.storage,
  params: params.block(),
  slots: params.slots,
  workgroup,
  groups,
})
