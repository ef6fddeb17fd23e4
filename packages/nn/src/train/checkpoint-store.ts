import { SurprisalError } from '@surprisal/tensor'

/** Where a training keeps its checkpoints: files under names. `fileCheckpoints` of `@surprisal/nn/node` is a folder. */
export interface CheckpointStore {
  /** Place in messages, such as a folder. */
  readonly place: string
  /** Names of all complete checkpoints, in any order. */
  list(): Promise<readonly string[]>
  read(name: string): Promise<Uint8Array>
  /** Keeps all of the bytes under the name or, when it throws, leaves what was kept before. */
  write(name: string, bytes: Uint8Array): Promise<void>
  remove(name: string): Promise<void>
}

/** Checkpoints in memory, for tests and for pages that store them in their own way. */
export function memoryCheckpoints(): CheckpointStore {
  const files = new Map<string, Uint8Array>()
  return {
    place: 'memory',
    list: async () => [...files.keys()],
    async read(name) {
      const bytes = files.get(name)
      if (!bytes) throw new SurprisalError('io', `memoryCheckpoints: name must be of a checkpoint, got ${name}`)
      return bytes.slice()
    },
    async write(name, bytes) {
      files.set(name, bytes.slice())
    },
    async remove(name) {
      files.delete(name)
    },
  }
}
