export {
  Buffer,
  conv1d,
  conv2d,
  convTranspose2d,
  interpolate,
  type LoadReport,
  Module,
  Parameter,
} from '@surprisal/tensor'
export { type ByteSource, blobSource, fetchSource } from './checkpoint/byte-source.ts'
export { type CheckpointParts, readCheckpoint, writeCheckpoint } from './checkpoint/checkpoint.ts'
export type { SafetensorsEntry, SafetensorsHeader } from './checkpoint/header.ts'
export {
  inspectSafetensors,
  openSafetensors,
  readSafetensors,
  type SafetensorsFile,
} from './checkpoint/read-safetensors.ts'
export { openShardedSafetensors, type ShardedSafetensors } from './checkpoint/sharded.ts'
export { writeSafetensors } from './checkpoint/write-safetensors.ts'
export { type BeamSearchOptions, beamSearch } from './generation/beam-search.ts'
export { type BeamSearchMarkovOptions, beamSearchMarkov } from './generation/beam-search-markov.ts'
export {
  type FinishReason,
  type GeneratedStep,
  type GenerateOptions,
  type GenerateOutput,
  generate,
  generateStream,
} from './generation/generate.ts'
export type { GenerationCache, LanguageModel, LanguageModelOptions } from './generation/language-model.ts'
export { nextTokenProbs, type TokenRules } from './generation/next-token-probs.ts'
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
export { alibiSlopes } from './layers/alibi-slopes.ts'
export {
  BatchNorm1d,
  BatchNorm2d,
  type BatchNormModuleOptions,
  type BatchNormOptions,
  type BatchNormOutput,
  batchNorm,
} from './layers/batch-norm.ts'
export { Flatten, Identity, ModuleDict, ModuleList, Sequential, type TensorModule } from './layers/containers.ts'
export {
  Conv1d,
  Conv2d,
  type ConvModuleOptions,
  ConvTranspose2d,
  type ConvTransposeModuleOptions,
} from './layers/convolution.ts'
export { Dropout, type DropoutOptions, dropout } from './layers/dropout.ts'
export { Embedding, type EmbeddingModuleOptions, type EmbeddingOptions, embedding } from './layers/embedding.ts'
export { type EmbeddingBagOptions, embeddingBag } from './layers/embedding-bag.ts'
export {
  type GatedOptions,
  GEGLU,
  geglu,
  MLP,
  type MlpOptions,
  SwiGLU,
  swiglu,
} from './layers/feed-forward.ts'
export { functionalCall } from './layers/functional-call.ts'
export { GroupNorm, type GroupNormOptions, groupNorm } from './layers/group-norm.ts'
export { type CachedKeys, KVCache, type KVCacheOptions } from './layers/kv-cache.ts'
export { LayerNorm, type LayerNormOptions, layerNorm } from './layers/layer-norm.ts'
export { Linear, type LinearOptions, linear } from './layers/linear.ts'
export {
  type MultiHeadAttentionOptions,
  type MultiHeadAttentionOutput,
  MultiheadAttention,
  type MultiheadAttentionModuleOptions,
  multiHeadAttentionForward,
} from './layers/multi-head-attention.ts'
export {
  AdaptiveAvgPool2d,
  AvgPool2d,
  type AvgPool2dOptions,
  adaptiveAvgPool2d,
  avgPool2d,
  MaxPool2d,
  type MaxPool2dOptions,
  maxPool2d,
} from './layers/pooling.ts'
export { type GruOutput, gru, type LstmOutput, lstm } from './layers/recurrent.ts'
export { GRU, LSTM, type RecurrentCall, type RecurrentOptions } from './layers/recurrent-modules.ts'
export { RMSNorm, type RmsNormOptions, rmsNorm } from './layers/rms-norm.ts'
export { RotaryAttention, type RotaryAttentionCall, type RotaryAttentionOptions } from './layers/rotary-attention.ts'
export { applyRotaryEmbedding, type RotaryOptions, type RotaryScaling } from './layers/rotary-embedding.ts'
export { type AttentionOptions, scaledDotProductAttention } from './layers/scaled-dot-product-attention.ts'
export { sinusoidalPositions } from './layers/sinusoidal-positions.ts'
export {
  type DecoderLayerCall,
  type EncoderLayerCall,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from './layers/transformer-layers.ts'
export { PixelShuffle, pixelShuffle, Upsample } from './layers/upsampling.ts'
export {
  blockParticipation,
  type DrawOptions,
  type ParticipationOptions,
  type PrFlashCostOptions,
  prFlashCost,
} from './methods/block-participation.ts'
export {
  type CemUpdateOptions,
  cemCategoricalUpdate,
  cemGaussianUpdate,
  type Elite,
} from './methods/cem-updates.ts'
export {
  type CemIteration,
  type CemResult,
  type CemState,
  CrossEntropyMethod,
  type CrossEntropyOptions,
} from './methods/cross-entropy-method.ts'
export { type HarmonicBiasOptions, type HarmonicSlopes, harmonicAlibiBias } from './methods/harmonic-bias.ts'
export {
  type LambdaAttentionOptions,
  type LambdaWindow,
  lambdaAttention,
  lambdaMask,
} from './methods/lambda-attention.ts'
export {
  type LambdaCacheOptions,
  type LambdaEntries,
  LambdaKVCache,
  lambdaCacheIndices,
} from './methods/lambda-cache.ts'
export {
  type AttentionDiagnosis,
  convertToLmInfinite,
  diagnose,
  LmInfinite,
  type LmInfiniteOptions,
} from './methods/lm-infinite.ts'
export {
  PrFlashAttention,
  type PrFlashModuleOptions,
  type PrFlashOptions,
  type PrFlashStats,
  prFlashAttention,
  prFlashStats,
} from './methods/pr-flash-attention.ts'
export {
  RopeAlibiAttention,
  type RopeAlibiModuleOptions,
  type RopeAlibiOptions,
  ropeAlibiAttention,
} from './methods/rope-alibi.ts'
export type { Categorical, Continuous, SearchConfig, SearchSpace } from './methods/search-space.ts'
export {
  negativeSamplingDistribution,
  type SkipGramLossOptions,
  type SubsampleOptions,
  skipGramNegativeSamplingLoss,
  subsampleKeepProbability,
} from './methods/skip-gram.ts'
export { type Neighbours, Word2Vec, type Word2VecFitOptions, type Word2VecOptions } from './methods/word2vec.ts'
export { Bert, type BertConfig, type BertOptions, type BertOutput, type Pooling } from './models/bert.ts'
export { BertForMaskedLM } from './models/bert-for-masked-lm.ts'
export { CNN, type CNNConfig } from './models/cnn.ts'
export { createModel, type ModelConfigs, type Models, type ModelType, runModel } from './models/create-model.ts'
export { DualEncoder, type DualEncoderOptions, type Tower } from './models/dual-encoder.ts'
export { GPT2, type GPT2Config } from './models/gpt2.ts'
export type { PresetName } from './models/images.ts'
export { Llama, type LlamaConfig } from './models/llama.ts'
export { MLPClassifier, type MLPClassifierConfig } from './models/mlp-classifier.ts'
export { MLPMixer, type MLPMixerConfig } from './models/mlp-mixer.ts'
export type { PatchSizes } from './models/patch-embedding.ts'
export { fromPretrained, type PretrainedFiles, type PretrainedType, toPretrainedConfig } from './models/pretrained.ts'
export { ResNet, type ResNetConfig, type ResNetDepth } from './models/resnet.ts'
export { UNet, type UNetConfig } from './models/unet.ts'
export { ViT, type ViTConfig } from './models/vit.ts'
export { Adafactor, type AdafactorOptions } from './optim/adafactor.ts'
export { Adam, type AdamOptions, AdamW } from './optim/adam.ts'
export { type ClipGradNormOptions, clipGradNorm, clipGradValue } from './optim/clip.ts'
export { createOptimizer, type OptimizerOptions, replayOptimizer } from './optim/create.ts'
export { EMA, type EmaOptions, type EmaUpdateOptions, emaUpdate } from './optim/ema.ts'
export { requireFiniteGradients } from './optim/finite.ts'
export type { Gradient, RowGradient } from './optim/gradient.ts'
export { Lion, type LionOptions } from './optim/lion.ts'
export { Muon, type MuonOptions } from './optim/muon.ts'
export { MuonWithAdamW, type MuonWithAdamWOptions } from './optim/muon-with-adamw.ts'
export {
  Optimizer,
  type OptimizerState,
  type ParameterGroup,
  type Slots,
  type StepOptions,
  type StepSettings,
  type TrainingOptimizer,
  type Update,
} from './optim/optimizer.ts'
export { RMSprop, type RMSpropOptions } from './optim/rmsprop.ts'
export { SGD, type SGDOptions } from './optim/sgd.ts'
export { learningRateAt, learningRates, type ScheduleOptions } from './schedule/learning-rates.ts'
export { type PlateauOptions, type PlateauState, ReduceLROnPlateau } from './schedule/plateau.ts'
export { type Batches, type BatchSource, type ShuffledBatchesOptions, shuffledBatches } from './train/batches.ts'
export { type CheckpointStore, memoryCheckpoints } from './train/checkpoint-store.ts'
export {
  type Evaluation,
  type FitCallbacks,
  type FitCheckpoints,
  type FitOptions,
  type FitResult,
  fit,
} from './train/fit.ts'
export { DynamicLossScale, type LossScaleOptions, type LossScaleState } from './train/loss-scale.ts'
export { type PrecisionPolicy, type ResolvedPrecision, resolvePrecision } from './train/precision.ts'
export { type Progress, progressLine } from './train/progress.ts'
export { readTrainingState, type TrainingState } from './train/training-state.ts'
export type { BatchContext, BatchLoss, LossFunction } from './train/training-step.ts'
