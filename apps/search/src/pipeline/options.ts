import type { PresetName } from './presets.ts'

/** What a person asked for. */
export interface SearchOptions {
  /** Folder of own texts; null for WordNet. */
  dir: string | null
  exclude: readonly string[]
  preset: PresetName
  seed: number
  /** Folder below which builds are kept. */
  cache: string
  /** Build everything anew. */
  rebuild: boolean
}
