import { stopGradient } from './gradient/control.ts'
import * as activations from './ops/activations.ts'
import * as arithmetic from './ops/arithmetic.ts'
import * as bitwise from './ops/bitwise.ts'
import * as casting from './ops/cast.ts'
import * as distances from './ops/cdist.ts'
import * as comparison from './ops/comparison.ts'
import * as contraction from './ops/contraction.ts'
import * as convolution from './ops/convolution.ts'
import { fullLike, onesLike, zerosLike } from './ops/creation.ts'
import * as determinants from './ops/determinants.ts'
import * as diagonals from './ops/diagonals.ts'
import * as division from './ops/division.ts'
import * as dynamic from './ops/dynamic.ts'
import * as exponential from './ops/exponential.ts'
import * as exponentialUnits from './ops/exponential-units.ts'
import * as extremes from './ops/extremes.ts'
import * as gelu from './ops/gelu.ts'
import { indexCopy } from './ops/index-copy.ts'
import * as indexing from './ops/indexing.ts'
import * as interpolation from './ops/interpolation.ts'
import * as joining from './ops/joining.ts'
import * as kronecker from './ops/kronecker.ts'
import * as logical from './ops/logical.ts'
import * as matrixFunctions from './ops/matrix-functions.ts'
import * as movement from './ops/movement.ts'
import * as normalization from './ops/normalization.ts'
import * as norms from './ops/norms.ts'
import * as padding from './ops/padding.ts'
import * as pooling from './ops/pooling.ts'
import * as adaptivePooling from './ops/pooling-adaptive.ts'
import * as positions from './ops/positions.ts'
import * as powers from './ops/powers.ts'
import * as pseudoInverse from './ops/pseudo-inverse.ts'
import * as quantiles from './ops/quantiles.ts'
import * as rectifiers from './ops/rectifiers.ts'
import * as reductions from './ops/reductions.ts'
import * as repeating from './ops/repeating.ts'
import * as reshaping from './ops/reshaping.ts'
import * as rounding from './ops/rounding.ts'
import * as scans from './ops/scans.ts'
import * as scatterReduce from './ops/scatter-reduce.ts'
import * as selection from './ops/selection.ts'
import * as slicing from './ops/slicing.ts'
import * as softmax from './ops/softmax.ts'
import * as solving from './ops/solving.ts'
import * as sorting from './ops/sorting.ts'
import * as special from './ops/special.ts'
import * as specialGamma from './ops/special-gamma.ts'
import * as spectral from './ops/spectral.ts'
import * as statistics from './ops/statistics.ts'
import * as transposedConvolution from './ops/transposed-convolution.ts'
import * as triangularFactors from './ops/triangular-factors.ts'
import * as trigonometric from './ops/trigonometric.ts'
import { Tensor } from './tensor.ts'

/** Every op whose first argument is a tensor; the type and the methods of {@link Tensor} follow from it. */
const ops = {
  ...activations,
  ...arithmetic,
  ...bitwise,
  ...casting,
  ...distances,
  ...comparison,
  ...contraction,
  ...convolution,
  ...determinants,
  ...diagonals,
  ...division,
  ...dynamic,
  ...exponential,
  ...exponentialUnits,
  ...extremes,
  ...gelu,
  ...indexing,
  ...interpolation,
  ...joining,
  ...kronecker,
  ...logical,
  ...matrixFunctions,
  ...movement,
  ...normalization,
  ...norms,
  ...padding,
  ...pooling,
  ...adaptivePooling,
  ...positions,
  ...powers,
  ...pseudoInverse,
  ...quantiles,
  ...rectifiers,
  ...reductions,
  ...repeating,
  ...reshaping,
  ...rounding,
  ...scans,
  ...scatterReduce,
  ...selection,
  ...slicing,
  ...softmax,
  ...sorting,
  ...solving,
  ...special,
  ...specialGamma,
  ...spectral,
  ...statistics,
  ...transposedConvolution,
  ...triangularFactors,
  ...trigonometric,
  detach: stopGradient,
  fullLike,
  indexCopy,
  onesLike,
  stopGradient,
  zerosLike,
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
