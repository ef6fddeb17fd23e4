/** Sizes of a model and of its training. */
export interface Preset {
  readonly vocabSize: number
  readonly hiddenSize: number
  readonly layers: number
  readonly heads: number
  /** Tokens of a text that it is trained on at a time. */
  readonly context: number
  readonly batch: number
  readonly steps: number
  readonly lr: number
}

/** What `--preset` names. */
export const presets = {
  nano: { vocabSize: 2048, hiddenSize: 128, layers: 2, heads: 4, context: 128, batch: 16, steps: 1300, lr: 4e-3 },
  tiny: { vocabSize: 4096, hiddenSize: 192, layers: 4, heads: 6, context: 256, batch: 16, steps: 2500, lr: 2e-3 },
  small: { vocabSize: 8192, hiddenSize: 384, layers: 6, heads: 6, context: 256, batch: 32, steps: 10_000, lr: 1e-3 },
} as const satisfies Record<string, Preset>

export type PresetName = keyof typeof presets
