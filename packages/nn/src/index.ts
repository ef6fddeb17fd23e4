export { Buffer, type LoadReport, Module, Parameter } from '@surprisal/tensor'
export { inspectSafetensors, readSafetensors, type SafetensorsEntry, type SafetensorsHeader } from './checkpoint/read-safetensors.ts'
export { writeSafetensors } from './checkpoint/write-safetensors.ts'
export {
  calculateFanInAndFanOut,
  calculateGain,
  type InitScaleOptions,
  initBound,
  initStd,
  type Nonlinearity,
} from './init/fans.ts'
export { kaimingNormal, kaimingUniform, xavierNormal, xavierUniform } from './init/init.ts'
export { Embedding, type EmbeddingOptions, embedding } from './layers/embedding.ts'
export { type EmbeddingBagOptions, embeddingBag } from './layers/embedding-bag.ts'
export { LayerNorm, type LayerNormOptions, layerNorm } from './layers/layer-norm.ts'
export { Linear, type LinearOptions, linear } from './layers/linear.ts'
export { Adafactor, type AdafactorOptions } from './optim/adafactor.ts'
export { Adam, type AdamOptions, AdamW } from './optim/adam.ts'
export { type ClipGradNormOptions, clipGradNorm, clipGradValue } from './optim/clip.ts'
export { createOptimizer, type OptimizerOptions, replayOptimizer } from './optim/create.ts'
export { EMA, type EmaOptions, emaUpdate } from './optim/ema.ts'
export { Lion, type LionOptions } from './optim/lion.ts'
export { Muon, type MuonOptions } from './optim/muon.ts'
export { Optimizer, type ParameterGroup, type RowGradient, type StepOptions } from './optim/optimizer.ts'
export { RMSprop, type RMSpropOptions } from './optim/rmsprop.ts'
export { SGD, type SGDOptions } from './optim/sgd.ts'
export { learningRateAt, learningRates, type ScheduleOptions } from './schedule/learning-rates.ts'
