import { Llama, type LlamaConfig } from '@surprisal/nn'

/** A model and how it is trained. */
export interface Preset {
  /** Its vocabulary is smaller where the texts do not have as many pairs. */
  readonly config: LlamaConfig
  /** Tokens of a text that it is trained on at a time. */
  readonly context: number
  readonly batch: number
  readonly steps: number
  readonly lr: number
}

/** What `--preset` names. */
export const presets = {
  nano: { config: Llama.presets.nano, context: 128, batch: 16, steps: 1300, lr: 4e-3 },
  tiny: { config: Llama.presets.tiny, context: 256, batch: 16, steps: 2500, lr: 2e-3 },
  small: { config: Llama.presets.small, context: 256, batch: 32, steps: 10_000, lr: 1e-3 },
} as const satisfies Record<string, Preset>

export type PresetName = keyof typeof presets
