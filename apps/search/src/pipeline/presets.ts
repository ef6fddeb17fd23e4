/** Sizes of everything that is built. */
export interface Preset {
  /** Documents used at most; the first ones in a stable random order. */
  documents: number
  vocabSize: number
  dim: number
  studentDim: number
  /** Width of the perceptron behind the pooling; 0 for none. */
  hidden: number
  steps: number
  batchSize: number
  lr: number
  temperature: number
  studentSteps: number
  /** Queries of the two evaluation sets at most. */
  queries: { examples: number; texts: number }
}

export type PresetName = 'tiny' | 'small' | 'large'

/** `tiny` is for tests, `small` ends within five minutes on two cores, `large` takes about half an hour. */
export const presets: Readonly<Record<PresetName, Preset>> = {
  tiny: {
    documents: 6000,
    vocabSize: 4096,
    dim: 64,
    studentDim: 16,
    hidden: 0,
    steps: 120,
    batchSize: 256,
    lr: 1e-2,
    temperature: 0.05,
    studentSteps: 40,
    queries: { examples: 200, texts: 200 },
  },
  small: {
    documents: Number.POSITIVE_INFINITY,
    vocabSize: 16384,
    dim: 256,
    studentDim: 64,
    hidden: 0,
    steps: 750,
    batchSize: 1024,
    lr: 5e-3,
    temperature: 0.04,
    studentSteps: 150,
    queries: { examples: 1000, texts: 400 },
  },
  large: {
    documents: Number.POSITIVE_INFINITY,
    vocabSize: 32768,
    dim: 384,
    studentDim: 96,
    hidden: 0,
    steps: 2500,
    batchSize: 2048,
    lr: 4e-3,
    temperature: 0.04,
    studentSteps: 400,
    queries: { examples: 1000, texts: 1000 },
  },
}
