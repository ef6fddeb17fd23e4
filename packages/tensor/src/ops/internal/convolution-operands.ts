import { type DType, isFloat, promote } from '../../dtype.ts'
import { SurprisalError } from '../../error.ts'
import { asTensor, isOptions, promotePair } from '../../operand.ts'
import { binary, cast } from '../../primitive.ts'
import { checkShape, sameShape, shapeText } from '../../shape.ts'
import type { Tensor, TensorLike } from '../../tensor.ts'
import { requireInteger } from './arguments.ts'
import { optionsOf } from './checks.ts'
import { spatialTensor } from './spatial.ts'
import { reshapeView } from './views.ts'

/** What every convolution is given, checked as far as it does not depend on the direction. */
export interface ConvolutionArguments<Options> {
  readonly x: Tensor
  readonly weight: Tensor
  readonly bias: Tensor | null
  readonly groups: number
  readonly options: Partial<Options>
}

/** Where the channels of x stand in weight, and how many they are. */
type Inputs = (weight: Tensor, groups: number) => number

/** The arguments of a convolution with `rank` spatial dims; options may stand in the place of the bias. */
export function convolutionArguments<Options extends { groups?: number }>(
  op: string,
  rank: number,
  inputs: Inputs,
  args: readonly [TensorLike, TensorLike, (TensorLike | Options | null)?, Options?],
): ConvolutionArguments<Options> {
  const optionsThird = args[3] === undefined && isOptions(args[2])
  const options = optionsOf(op, (optionsThird ? args[2] : args[3]) as Options | undefined)
  const { groups = 1 } = options
  requireInteger(op, 'groups', groups, 1)
  const [input, w] = promotePair(op, spatialTensor(op, 'x', args[0], rank), spatialTensor(op, 'weight', args[1], rank))
  const [x, weight] = input.dtype === 'bool' ? [cast(op, input, 'int32'), cast(op, w, 'int32')] : [input, w]
  const expected = inputs(weight, groups)
  if (x.shape[1] !== expected)
    throw new SurprisalError(
      'shape',
      `${op}: input has ${x.shape[1]} channels, weight ${shapeText(weight.shape)} with groups = ${groups} expects ${expected}`,
    )
  if (weight.shape[0] % groups !== 0)
    throw new SurprisalError(
      'shape',
      `${op}: weight ${shapeText(weight.shape)} must have a multiple of groups = ${groups} in dim 0`,
    )
  if (weight.shape.slice(2).includes(0))
    throw new SurprisalError('shape', `${op}: weight ${shapeText(weight.shape)} must not have an empty kernel`)
  const absent = optionsThird || args[2] === undefined || args[2] === null
  return { x, weight, bias: absent ? null : asTensor(op, 'bias', args[2] as TensorLike), groups, options }
}

/** The product of x and weight, to `shape`, and the bias added to its channels, rounded once. */
export function biasedProduct(
  op: string,
  { x, weight, bias }: ConvolutionArguments<object>,
  shape: readonly number[],
  multiply: (x: Tensor, weight: Tensor) => Tensor,
): Tensor {
  checkShape(op, shape)
  const wide = (t: Tensor): Tensor => (t.dtype === 'float16' ? cast(op, t, 'float32') : t)
  const dtype: DType = isFloat(x.dtype) ? x.dtype : 'int32'
  const channels = shape[1]
  if (bias !== null && !sameShape(bias.shape, [channels]))
    throw new SurprisalError(
      'shape',
      `${op}: bias must have shape ${shapeText([channels])}, got ${shapeText(bias.shape)}`,
    )
  const product = multiply(wide(x), wide(weight))
  if (bias === null) return cast(op, product, dtype)
  const [y, b] = promotePair(op, product, wide(bias))
  const perChannel = reshapeView(op, b, [1, channels, ...shape.slice(2).map(() => 1)])
  return cast(op, binary(op, 'add', y, perChannel), promote(dtype, bias.dtype))
}
