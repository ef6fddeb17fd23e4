import { SurprisalError } from '@surprisal/tensor'
import { inspectSafetensors } from '../checkpoint/read-safetensors.ts'
import type { PlateauState } from '../schedule/plateau.ts'
import type { LossScaleState } from './loss-scale.ts'

/** Where a training stands, as JSON in the metadata of its checkpoints. */
export interface TrainingState {
  /** Version of this record. */
  version: 1
  /** Steps done. */
  step: number
  /** Batches taken, the place in the data; random keys follow from it and the seed. */
  batch: number
  seed: number
  gradAccumulation: number
  /** Batches of the data until it begins again; null where it never does. */
  batchesPerEpoch: number | null
  /** Running mean of the losses. */
  smoothedLoss: number | null
  /** State of a schedule that reacts to evaluations, or null. */
  plateau: PlateauState | null
  /** State of a dynamic loss scale, or null. */
  lossScale: LossScaleState | null
  /** What the caller wants to find again, such as the sizes of the model. */
  config: unknown
}

const field = 'training'

/** The state as a checkpoint's metadata. */
export const toMetadata = (state: TrainingState): Record<string, string> => ({ [field]: JSON.stringify(state) })

/**
 * Where the training of a checkpoint stands, with the caller's `config`, to build the model from before it is loaded.
 * @throws {SurprisalError} `format` for bytes that are no checkpoint of `fit`
 */
export function readTrainingState(bytes: Uint8Array): TrainingState {
  const text = inspectSafetensors(bytes).metadata[field]
  let state: Partial<TrainingState> | null = null
  try {
    state = JSON.parse(text ?? 'null')
  } catch {
    state = null
  }
  if (state?.version !== 1 || !Number.isSafeInteger(state.step) || !Number.isSafeInteger(state.batch))
    throw new SurprisalError('format', 'readTrainingState: file must be a checkpoint of fit with its metadata')
  return state as TrainingState
}
