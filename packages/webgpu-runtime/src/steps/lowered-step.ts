import type { GroupKernel } from '../wgsl/group-kernel.ts'
import type { IndexCheck } from '../wgsl/index-checks.ts'

/** Memory that the kernels of a step need among themselves. */
export interface Workspace {
  /** The number by which they bind it, beside those of the step's own buffers. */
  readonly buffer: number
  readonly bytes: number
}

/** What a step runs, kernel after kernel. */
export interface LoweredStep {
  /** Their buffers are numbered as `buffersOf` lists them. */
  readonly kernels: readonly GroupKernel[]
  readonly workspaces: readonly Workspace[]
  /** What they report in the status buffer, two words for each; see `wrongIndex`. */
  readonly checks: readonly IndexCheck[]
}

/** What devices have in common for the choice of kernels. */
export type AdapterClass = 'software' | 'gpu'

/** How steps become kernels. */
export interface StepOptions {
  /** What the device allows a kernel. */
  readonly limits: { readonly maxStorageBuffersPerShaderStage: number }
  /** @default 'gpu' */
  readonly adapter?: AdapterClass
  /** Whether indices out of range are reported. @default false */
  readonly checkIndices?: boolean
  /** Whether a product adds to what is in its place already. @default false */
  readonly accumulate?: boolean
}

/** A step that has nothing to compute. */
export const nothing: LoweredStep = { kernels: [], workspaces: [], checks: [] }
