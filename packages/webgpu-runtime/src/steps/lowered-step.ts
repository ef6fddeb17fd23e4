import type { AdapterClass } from '../device/adapter-class.ts'
import type { GroupKernel } from '../wgsl/group-kernel.ts'
import type { IndexCheck } from '../wgsl/index-checks.ts'
import type { Sharing } from '../wgsl/tree.ts'
import type { Tile } from './contract/tiled.ts'

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

/** How steps become kernels. */
export interface StepOptions {
  /** What the device allows a kernel. */
  readonly limits: { readonly maxStorageBuffersPerShaderStage: number }
  /** Features that kernels may use. @default none */
  readonly features?: ReadonlySet<string>
  /** @default 'unknown' */
  readonly adapter?: AdapterClass
  /** Tiles of products where there are many of them, as measured. @default 64 */
  readonly tile?: Tile
  /** Whether indices out of range are reported. @default false */
  readonly checkIndices?: boolean
  /** Whether a product adds to what is in its place already. @default false */
  readonly accumulate?: boolean
}

/** How invocations share what is reduced. */
export const sharingOf = ({ adapter, features }: StepOptions): Sharing => ({
  subgroups: features?.has('subgroups') ?? false,
  alone: adapter === 'software',
})

/** A step that has nothing to compute. */
export const nothing: LoweredStep = { kernels: [], workspaces: [], checks: [] }
