export { type Compiled, type CompileOptions, compile } from './compile/compile.ts'
export { isCompiling } from './compile/tracing.ts'
export { type DefinedOp, defineOp, type OpDefinition, type TensorSpec } from './define-op.ts'
export { type Device, ready, setDefaultDevice } from './device.ts'
export { hostData } from './devices/host-data.ts'
export type { DType, HostArray } from './dtype.ts'
export { type ErrorCode, SurprisalError } from './error.ts'
export type { Executor, MemoryUse } from './executor.ts'
export { type ExplainedGroup, type Explanation, explain } from './explain.ts'
export { type CustomBackward, checkpoint, customGradient, detach, stopGradient } from './gradient/control.ts'
export { type GradientsOptions, gradients, type ValueAndGrads, valueAndGrad } from './gradient/gradients.ts'
export { withMemoryLimit } from './memory-limit.ts'
export { Tensor, type TensorMethods } from './methods.ts'
export { Buffer, type LoadReport, Module } from './module.ts'
export {
  hardsigmoid,
  hardswish,
  logSigmoid,
  mish,
  type SoftplusOptions,
  sigmoid,
  silu,
  softplus,
  softsign,
} from './ops/activations.ts'
export { abs, add, div, lerp, mul, neg, reciprocal, sign, square, sub } from './ops/arithmetic.ts'
export { bitwiseAnd, bitwiseNot, bitwiseOr, bitwiseXor, shiftLeft, shiftRight } from './ops/bitwise.ts'
export { cast } from './ops/cast.ts'
export { type CdistOptions, cdist } from './ops/cdist.ts'
export { equal, greater, greaterEqual, less, lessEqual, notEqual } from './ops/comparison.ts'
export { addmm, bmm, dot, linear, matmul, outer } from './ops/contraction.ts'
export { type ConvolutionOptions, conv1d, conv2d, conv3d } from './ops/convolution.ts'
export {
  arange,
  type CreationOptions,
  eye,
  full,
  fullLike,
  linspace,
  ones,
  onesLike,
  zeros,
  zerosLike,
} from './ops/creation.ts'
export { det, logdet, type SlogdetResult, slogdet, trace } from './ops/determinants.ts'
export { type DiagonalOptions, diag, diagonal, type TriangleOptions, tril, triu } from './ops/diagonals.ts'
export { floorDivide, fmod, remainder } from './ops/division.ts'
export {
  type BincountOptions,
  bincount,
  maskedSelect,
  nonzero,
  type UniqueOptions,
  type UniqueResult,
  unique,
} from './ops/dynamic.ts'
export { einsum } from './ops/einsum.ts'
export { exp, exp2, expm1, log, log1p, log2, log10, logaddexp, xlogy } from './ops/exponential.ts'
export { celu, type EluOptions, elu, selu } from './ops/exponential-units.ts'
export { fmax, fmin, maximum, minimum } from './ops/extremes.ts'
export { type GeluOptions, gelu } from './ops/gelu.ts'
export { indexCopy } from './ops/index-copy.ts'
export { embedding, gather, indexAdd, indexSelect, oneHot, scatter, scatterAdd, take } from './ops/indexing.ts'
export { type InterpolateOptions, interpolate } from './ops/interpolation.ts'
export { cat, chunk, type DimOptions, type JoinArguments, meshgrid, split, stack, unbind } from './ops/joining.ts'
export { foldIn, type RandomKey, randomKey, splitKey } from './ops/keys.ts'
export { kron } from './ops/kronecker.ts'
export { isfinite, isinf, isnan, logicalAnd, logicalNot, logicalOr, logicalXor } from './ops/logical.ts'
export { matrixExp, matrixPower } from './ops/matrix-functions.ts'
export { broadcastTo, expand, flip, movedim, permute, roll, transpose } from './ops/movement.ts'
export { layerNorm, type NormalizationOptions, rmsNorm } from './ops/normalization.ts'
export { type NormOptions, norm } from './ops/norms.ts'
export { type PadOptions, pad } from './ops/padding.ts'
export {
  type AvgPoolOptions,
  avgPool1d,
  avgPool2d,
  type MaxPoolOptions,
  maxPool1d,
  maxPool2d,
} from './ops/pooling.ts'
export { adaptiveAvgPool1d, adaptiveAvgPool2d } from './ops/pooling-adaptive.ts'
export { type ArgOptions, argmax, argmin } from './ops/positions.ts'
export { hypot, pow, rsqrt, sqrt } from './ops/powers.ts'
export { lstsq, type PinvOptions, pinv } from './ops/pseudo-inverse.ts'
export { median, quantile } from './ops/quantiles.ts'
export {
  bernoulli,
  exponential,
  gumbel,
  type NormalOptions,
  normal,
  normalFromBits,
  randint,
  randomBits,
  type UniformOptions,
  uniform,
} from './ops/random.ts'
export { type HardtanhOptions, hardtanh, type LeakyReluOptions, leakyRelu, relu, relu6 } from './ops/rectifiers.ts'
export { all, any, countNonzero, max, min, prod, type ReduceOptions, sum } from './ops/reductions.ts'
export { type RepeatOptions, repeatInterleave, tile } from './ops/repeating.ts'
export {
  type FlattenOptions,
  flatten,
  reshape,
  type SqueezeOptions,
  squeeze,
  unflatten,
  unsqueeze,
} from './ops/reshaping.ts'
export {
  type ClampOptions,
  ceil,
  clamp,
  floor,
  frac,
  type NanToNumOptions,
  nanToNum,
  round,
  trunc,
} from './ops/rounding.ts'
export {
  type CategoricalOptions,
  categorical,
  permutation,
  type TruncatedNormalOptions,
  truncatedNormal,
} from './ops/sampling.ts'
export {
  type CumulateOptions,
  cummax,
  cummin,
  cumprod,
  cumsum,
  diff,
  logcumsumexp,
  type ScanOptions,
} from './ops/scans.ts'
export { type ScatterReduceOptions, scatterReduce } from './ops/scatter-reduce.ts'
export { maskedFill, where } from './ops/selection.ts'
export { at, type IndexSpec, narrow, type SliceOptions, select, slice, unfold } from './ops/slicing.ts'
export { logSoftmax, type SoftmaxOptions, softmax } from './ops/softmax.ts'
export { inverse, solve, type TriangularOptions, triangularSolve } from './ops/solving.ts'
export {
  argsort,
  bucketize,
  type SearchOptions,
  type SortOptions,
  searchsorted,
  sort,
  type TopKOptions,
  topk,
  type ValuesAndIndices,
} from './ops/sorting.ts'
export { erf, erfc, erfinv } from './ops/special.ts'
export { digamma, lgamma, polygamma } from './ops/special-gamma.ts'
export { type EighResult, eigh, type SvdResult, svd } from './ops/spectral.ts'
export { logsumexp, mean, std, type VarianceOptions, var } from './ops/statistics.ts'
export { type NestedArray, type TensorData, type TensorOptions, tensor } from './ops/tensor-data.ts'
export {
  convTranspose1d,
  convTranspose2d,
  type TransposedConvolutionOptions,
} from './ops/transposed-convolution.ts'
export { cholesky, type QRResult, qr } from './ops/triangular-factors.ts'
export { acos, acosh, asin, asinh, atan, atan2, atanh, cos, cosh, sin, sinh, tan, tanh } from './ops/trigonometric.ts'
export { Parameter } from './parameter.ts'
export { type KernelTime, type Profile, profile } from './profile.ts'
export { memory, realize } from './realize.ts'
export {
  setDeterministic,
  setExecutor,
  setThreads,
  type ThreadOptions,
  type ThreadUse,
  threadUse,
} from './runtime.ts'
export { scope } from './scope.ts'
export type { Shape } from './shape.ts'
export { isTensor, type Operand, type TensorLike } from './tensor.ts'
export { threefry2x32 } from './threefry.ts'
