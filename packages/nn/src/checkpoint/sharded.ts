import { SurprisalError, type Tensor } from '@surprisal/tensor'
import { describe } from '../_shared/positional.ts'
import type { ByteSource } from './byte-source.ts'
import { openSafetensors, type SafetensorsFile } from './read-safetensors.ts'

/** A model in several files, of which single tensors can be read. */
export interface ShardedSafetensors {
  /** Names of all tensors. */
  readonly names: readonly string[]
  /** Names of the files. */
  readonly files: readonly string[]
  /**
   * Reads one tensor; the header of its file is read once.
   * @throws {SurprisalError} `format` for a name that the index does not list, or a file that does not hold it
   */
  read(name: string): Promise<Tensor>
  /** Reads all tensors, file by file. */
  readAll(): Promise<Record<string, Tensor>>
}

const fail = (message: string): never => {
  throw new SurprisalError('format', `openShardedSafetensors: ${message}`)
}

function weightMapOf(text: string): Map<string, string> {
  let index: unknown
  try {
    index = JSON.parse(text)
  } catch (cause) {
    throw new SurprisalError('format', `openShardedSafetensors: index must be JSON, ${(cause as Error).message}`, {
      cause,
    })
  }
  const map = (index as { weight_map?: unknown } | null)?.weight_map
  if (typeof map !== 'object' || map === null) return fail(`index must have a weight_map, got ${describe(map)}`)
  for (const [name, file] of Object.entries(map)) {
    if (typeof file !== 'string') fail(`file of ${name} must be a name, got ${describe(file)}`)
    if (/[/\\]|^\.+$/.test(file as string)) fail(`file of ${name} must be in the folder of the index, got ${file}`)
  }
  return new Map(Object.entries(map as Record<string, string>))
}

/**
 * Opens a model that is stored in several safetensors files, by its `model.safetensors.index.json`.
 * @param index text of that file
 * @param open gives a file of the index by its name, a blob or a {@link ByteSource}
 * @throws {SurprisalError} `format` for an index that is not of that form, or names files outside of its folder
 */
export function openShardedSafetensors(
  index: string,
  open: (file: string) => Blob | ByteSource | Promise<Blob | ByteSource>,
): ShardedSafetensors {
  const fileOf = weightMapOf(index)
  const opened = new Map<string, Promise<SafetensorsFile>>()
  const shard = (file: string): Promise<SafetensorsFile> => {
    const known = opened.get(file)
    if (known) return known
    const opening = Promise.resolve(open(file)).then(openSafetensors)
    opened.set(file, opening)
    opening.catch(() => opened.delete(file))
    return opening
  }
  const read = async (name: string): Promise<Tensor> => {
    const file = fileOf.get(name) ?? fail(`index must list ${name}, got ${fileOf.size} other tensors`)
    const { entries, read: readEntry } = await shard(file)
    if (!entries.some(entry => entry.name === name)) fail(`${file} must hold ${name} as the index says`)
    return readEntry(name)
  }
  return {
    names: [...fileOf.keys()],
    files: [...new Set(fileOf.values())],
    read,
    async readAll() {
      const tensors: Record<string, Tensor> = {}
      const inOrder = [...fileOf].sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0))
      for (const [name] of inOrder) tensors[name] = await read(name)
      return tensors
    },
  }
}
