export { Buffer, type LoadReport, Module, Parameter } from '@surprisal/tensor'
export { type CheckpointParts, readCheckpoint, writeCheckpoint } from './checkpoint/checkpoint.ts'
export type { SafetensorsEntry, SafetensorsHeader } from './checkpoint/header.ts'
export {
  inspectSafetensors,
  openSafetensors,
  readSafetensors,
  type SafetensorsFile,
} from './checkpoint/read-safetensors.ts'
export { writeSafetensors } from './checkpoint/write-safetensors.ts'
export {
  calculateFanInAndFanOut,
  calculateGain,
  type InitScaleOptions,
  initBound,
  initStd,
  type Nonlinearity,
} from './init/fans.ts'
export {
  kaimingNormal,
  kaimingUniform,
  type TruncNormalOptions,
  truncNormal,
  xavierNormal,
  xavierUniform,
} from './init/init.ts'
export { orthogonal } from './init/orthogonal.ts'
export { Embedding, type EmbeddingModuleOptions, type EmbeddingOptions, embedding } from './layers/embedding.ts'
export { type EmbeddingBagOptions, embeddingBag } from './layers/embedding-bag.ts'
export { LayerNorm, type LayerNormOptions, layerNorm } from './layers/layer-norm.ts'
export { Linear, type LinearOptions, linear } from './layers/linear.ts'
export { Adafactor, type AdafactorOptions } from './optim/adafactor.ts'
export { Adam, type AdamOptions, AdamW } from './optim/adam.ts'
export { type ClipGradNormOptions, clipGradNorm, clipGradValue } from './optim/clip.ts'
export { createOptimizer, type OptimizerOptions, replayOptimizer } from './optim/create.ts'
export { EMA, type EmaOptions, type EmaUpdateOptions, emaUpdate } from './optim/ema.ts'
export type { Gradient, RowGradient } from './optim/gradient.ts'
export { Lion, type LionOptions } from './optim/lion.ts'
export { Muon, type MuonOptions } from './optim/muon.ts'
export {
  Optimizer,
  type OptimizerState,
  type ParameterGroup,
  type Slots,
  type StepOptions,
  type StepSettings,
  type Update,
} from './optim/optimizer.ts'
export { RMSprop, type RMSpropOptions } from './optim/rmsprop.ts'
export { SGD, type SGDOptions } from './optim/sgd.ts'
export { learningRateAt, learningRates, type ScheduleOptions } from './schedule/learning-rates.ts'
export { type PlateauOptions, type PlateauState, ReduceLROnPlateau } from './schedule/plateau.ts'
