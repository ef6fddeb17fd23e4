import type { Device } from '../device.ts'
import type { HostArray } from '../dtype.ts'
import type { MemoryUse } from '../executor.ts'
import type { Explanation } from '../explain-steps.ts'
import type { Node } from '../graph/node.ts'
import type { Storage } from '../graph/storage.ts'
import type { Profile } from '../profile.ts'

/** What a backend has computed. */
export interface Computed {
  /** The value of each target, in a storage of its own. */
  readonly storages: readonly Storage[]
  /** The elements of those that were wanted on the host, by their places among the targets. */
  readonly elements: ReadonlyMap<number, HostArray>
}

/** What computes on a device beside the CPU. */
export interface Backend {
  readonly device: Device
  /**
   * Asked before each evaluation: whether the device can compute, once it has been taken again if it was lost. Where
   * there is none any more the CPU computes in its place.
   */
  isReady(): Promise<boolean>
  /**
   * The values of `targets`, of which none has been computed. It looks at the graph before it returns; values it needs may
   * be in the memory of any device whose blocks can be read at once. Value errors are thrown; then nothing has changed.
   * @param op names the read in messages
   * @param wanted places of targets whose elements the caller is going to look at
   */
  evaluate(targets: readonly Node[], op: string, wanted: readonly number[]): Promise<Computed>
  /** What an evaluation of `targets` would do. */
  explain(targets: readonly Node[]): Explanation
  /** Memory beside the live values. */
  memory(): Pick<MemoryUse, 'pooled' | 'arena'>
  /** Runs `fn` and measures the kernels that its reads run. */
  profile<T>(fn: () => T | Promise<T>): Promise<Profile<T>>
  /** Sets the most bytes that may be in use, and gives what it was before. */
  setMemoryLimit(bytes: number): number
}
