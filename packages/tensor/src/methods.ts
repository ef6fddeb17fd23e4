import { stopGradient } from './gradient/control.ts'
import { hardsigmoid, hardswish, logSigmoid, mish, sigmoid, silu, softplus, softsign } from './ops/activations.ts'
import { abs, add, div, lerp, mul, neg, reciprocal, sign, square, sub } from './ops/arithmetic.ts'
import { bitwiseAnd, bitwiseNot, bitwiseOr, bitwiseXor, shiftLeft, shiftRight } from './ops/bitwise.ts'
import { cast } from './ops/cast.ts'
import { cdist } from './ops/cdist.ts'
import { equal, greater, greaterEqual, less, lessEqual, notEqual } from './ops/comparison.ts'
import { addmm, bmm, dot, linear, matmul, outer } from './ops/contraction.ts'
import { conv1d, conv2d, conv3d } from './ops/convolution.ts'
import { fullLike, onesLike, zerosLike } from './ops/creation.ts'
import { det, logdet, slogdet, trace } from './ops/determinants.ts'
import { diag, diagonal, tril, triu } from './ops/diagonals.ts'
import { floorDivide, fmod, remainder } from './ops/division.ts'
import { bincount, maskedSelect, nonzero, unique } from './ops/dynamic.ts'
import { exp, exp2, expm1, log, log1p, log2, log10, logaddexp, xlogy } from './ops/exponential.ts'
import { celu, elu, selu } from './ops/exponential-units.ts'
import { fmax, fmin, maximum, minimum } from './ops/extremes.ts'
import { gelu } from './ops/gelu.ts'
import { indexCopy } from './ops/index-copy.ts'
import { embedding, gather, indexAdd, indexSelect, oneHot, scatter, scatterAdd, take } from './ops/indexing.ts'
import { interpolate } from './ops/interpolation.ts'
import { cat, chunk, meshgrid, split, stack, unbind } from './ops/joining.ts'
import { kron } from './ops/kronecker.ts'
import { isfinite, isinf, isnan, logicalAnd, logicalNot, logicalOr, logicalXor } from './ops/logical.ts'
import { matrixExp, matrixPower } from './ops/matrix-functions.ts'
import { broadcastTo, expand, flip, movedim, permute, roll, transpose } from './ops/movement.ts'
import { layerNorm, rmsNorm } from './ops/normalization.ts'
import { norm } from './ops/norms.ts'
import { pad } from './ops/padding.ts'
import { avgPool1d, avgPool2d, maxPool1d, maxPool2d } from './ops/pooling.ts'
import { adaptiveAvgPool1d, adaptiveAvgPool2d } from './ops/pooling-adaptive.ts'
import { argmax, argmin } from './ops/positions.ts'
import { hypot, pow, rsqrt, sqrt } from './ops/powers.ts'
import { lstsq, pinv } from './ops/pseudo-inverse.ts'
import { median, quantile } from './ops/quantiles.ts'
import { hardtanh, leakyRelu, relu, relu6 } from './ops/rectifiers.ts'
import { all, any, countNonzero, max, min, prod, sum } from './ops/reductions.ts'
import { repeatInterleave, tile } from './ops/repeating.ts'
import { flatten, reshape, squeeze, unflatten, unsqueeze } from './ops/reshaping.ts'
import { ceil, clamp, floor, frac, nanToNum, round, trunc } from './ops/rounding.ts'
import { cummax, cummin, cumprod, cumsum, diff, logcumsumexp } from './ops/scans.ts'
import { scatterReduce } from './ops/scatter-reduce.ts'
import { maskedFill, where } from './ops/selection.ts'
import { at, narrow, select, slice, unfold } from './ops/slicing.ts'
import { logSoftmax, softmax } from './ops/softmax.ts'
import { inverse, solve, triangularSolve } from './ops/solving.ts'
import { argsort, bucketize, searchsorted, sort, topk } from './ops/sorting.ts'
import { erf, erfc, erfinv } from './ops/special.ts'
import { digamma, lgamma, polygamma } from './ops/special-gamma.ts'
import { eigh, svd } from './ops/spectral.ts'
import { logsumexp, mean, std, var as variance } from './ops/statistics.ts'
import { convTranspose1d, convTranspose2d } from './ops/transposed-convolution.ts'
import { cholesky, qr } from './ops/triangular-factors.ts'
import { acos, acosh, asin, asinh, atan, atan2, atanh, cos, cosh, sin, sinh, tan, tanh } from './ops/trigonometric.ts'
import { Tensor } from './tensor.ts'

/** Every op whose first argument is a tensor; the type and the methods of {@link Tensor} follow from it. */
// biome-ignore format: a list
const ops = {
  abs, acos, acosh, adaptiveAvgPool1d, adaptiveAvgPool2d, add, addmm, all, any, argmax, argmin, argsort, asin, asinh,
  at, atan, atan2, atanh, avgPool1d, avgPool2d, bincount, bitwiseAnd, bitwiseNot, bitwiseOr, bitwiseXor, bmm,
  broadcastTo, bucketize, cast, cat, cdist, ceil, celu, cholesky, chunk, clamp, conv1d, conv2d, conv3d,
  convTranspose1d, convTranspose2d, cos, cosh, countNonzero, cummax, cummin, cumprod, cumsum, det, diag, diagonal,
  diff, digamma, div, dot, eigh, elu, embedding, equal, erf, erfc, erfinv, exp, exp2, expand, expm1, flatten, flip,
  floor, floorDivide, fmax, fmin, fmod, frac, fullLike, gather, gelu, greater, greaterEqual, hardsigmoid, hardswish,
  hardtanh, hypot, indexAdd, indexCopy, indexSelect, interpolate, inverse, isfinite, isinf, isnan, kron, layerNorm,
  leakyRelu, lerp, less, lessEqual, lgamma, linear, log, log1p, log2, log10, logaddexp, logcumsumexp, logdet,
  logicalAnd, logicalNot, logicalOr, logicalXor, logSigmoid, logSoftmax, logsumexp, lstsq, maskedFill, maskedSelect,
  matmul, matrixExp, matrixPower, max, maximum, maxPool1d, maxPool2d, mean, median, meshgrid, min, minimum, mish,
  movedim, mul, nanToNum, narrow, neg, nonzero, norm, notEqual, oneHot, onesLike, outer, pad, permute, pinv,
  polygamma, pow, prod, qr, quantile, reciprocal, relu, relu6, remainder, repeatInterleave, reshape, rmsNorm, roll,
  round, rsqrt, scatter, scatterAdd, scatterReduce, searchsorted, select, selu, shiftLeft, shiftRight, sigmoid, sign,
  silu, sin, sinh, slice, slogdet, softmax, softplus, softsign, solve, sort, split, sqrt, square, squeeze, stack, std,
  stopGradient, sub, sum, svd, take, tan, tanh, tile, topk, trace, transpose, triangularSolve, tril, triu, trunc,
  unbind, unflatten, unfold, unique, unsqueeze, where, xlogy, zerosLike,
  detach: stopGradient,
  var: variance,
}

type Method<F> = F extends (x: never, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never

/** The ops as methods: `x.op(...rest)` is `op(x, ...rest)`. */
export type TensorMethods = { readonly [Name in keyof typeof ops]: Method<(typeof ops)[Name]> }

for (const [name, op] of Object.entries(ops))
  Object.defineProperty(Tensor.prototype, name, {
    configurable: true,
    writable: true,
    value(this: Tensor, ...rest: unknown[]) {
      return (op as (x: Tensor, ...rest: unknown[]) => unknown)(this, ...rest)
    },
  })

export { Tensor }
