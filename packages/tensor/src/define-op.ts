import { type DType, dtypes, type HostArray, hostArray } from './dtype.ts'
import { SurprisalError } from './error.ts'
import type { Node } from './graph/node.ts'
import { asTensor, describe } from './operand.ts'
import { broadcastTo, constant, host, withRule } from './primitive.ts'
import { checkShape, type Shape, sameShape, shapeText, sizeOf } from './shape.ts'
import { lentNode, nodeOf, type Tensor, type TensorLike } from './tensor.ts'

/** Shape and dtype of a value before it exists. */
export interface TensorSpec {
  readonly shape: Shape
  readonly dtype: DType
}

/** What {@link defineOp} needs to know of an op; either `lower` or `reference` is required. */
export interface OpDefinition<Options extends object> {
  /** Name for messages. */
  readonly name: string
  /** Shapes and dtypes of the results, or an error for the caller. */
  readonly infer: (inputs: readonly TensorSpec[], options: Options) => readonly TensorSpec[]
  /** The op composed of others: it fuses as they do, and differentiates as they do unless `gradient` is given. */
  readonly lower?: (inputs: readonly Tensor[], options: Options) => readonly Tensor[]
  /** The op over dense arrays in row-major order; fills `outputs`, which are zero at first. Runs once per output. */
  readonly reference?: (
    inputs: readonly { readonly data: HostArray; readonly shape: Shape }[],
    outputs: readonly HostArray[],
    options: Options,
  ) => void
  /** Gradient in ops: one per input, null where nothing flows. `dys` has one gradient per output. */
  readonly gradient?: (
    dys: readonly Tensor[],
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    options: Options,
  ) => readonly (Tensor | null)[]
}

/** What {@link defineOp} gives: the op over a list of tensors and its options. */
export type DefinedOp<Options extends object> = (inputs: readonly TensorLike[], options?: Options) => Tensor[]

/**
 * Adds an op from outside. The returned function takes its tensors in a list and its options, and gives one tensor
 * per entry of `infer`.
 * @throws {SurprisalError} `argument` when the definition has neither `lower` nor `reference`; the function throws
 * `shape` or `dtype` when what `lower` gives is not what `infer` says
 */
export function defineOp<Options extends object = Record<string, never>>(
  definition: OpDefinition<Options>,
): DefinedOp<Options> {
  const { name, infer, lower, reference, gradient } = definition
  if (typeof name !== 'string' || name === '')
    throw new SurprisalError('argument', `defineOp: name must be a text, got ${describe(name)}`)
  if (typeof infer !== 'function')
    throw new SurprisalError('argument', `defineOp: infer of ${name} must be a function, got ${describe(infer)}`)
  if (!lower && !reference) throw new SurprisalError('argument', `defineOp: ${name} must have lower or reference`)
  return (inputs, options = {} as Options) => {
    if (!Array.isArray(inputs))
      throw new SurprisalError('argument', `${name}: inputs must be a list of tensors, got ${describe(inputs)}`)
    const tensors = inputs.map((input, i) => asTensor(name, `input ${i}`, input))
    const specs = checkInferred(name, infer(tensors.map(specOf), options))
    const raw = lower
      ? checkLowered(name, lower(tensors, options), specs)
      : specs.map((spec, k) =>
          host(name, tensors, spec.dtype, spec.shape, (arrays, shapes, output) => {
            const outputs = specs.map((other, j) => (j === k ? output : hostArray(other.dtype, sizeOf(other.shape))))
            output.fill(0)
            reference?.(
              arrays.map((data, i) => ({ data, shape: shapes[i] })),
              outputs,
              options,
            )
          }),
        )
    if (!gradient) return [...raw]
    let nodes: readonly Node[] = []
    const results = raw.map((output, k) =>
      withRule(name, output, tensors, (dy, xs) => {
        const zeros = specs.map(spec => broadcastTo(name, constant(name, 0, 'float32'), spec.shape))
        const dys = zeros.map((zero, j) => (j === k ? dy : zero))
        return gradient(dys, xs, nodes.map(lentNode), options)
      }),
    )
    nodes = results.map(result => nodeOf(result, name))
    return results
  }
}

const specOf = ({ shape, dtype }: TensorSpec): TensorSpec => ({ shape, dtype })

function checkInferred(name: string, specs: readonly TensorSpec[]): TensorSpec[] {
  if (!Array.isArray(specs))
    throw new SurprisalError('argument', `${name}: infer must give a list of shapes and dtypes, got ${describe(specs)}`)
  return specs.map((spec: TensorSpec) => {
    checkShape(name, spec?.shape)
    if (!dtypes.includes(spec.dtype))
      throw new SurprisalError('dtype', `${name}: infer must give dtypes among ${dtypes.join(', ')}, got ${spec.dtype}`)
    return specOf(spec)
  })
}

function checkLowered(name: string, results: readonly Tensor[], specs: readonly TensorSpec[]): readonly Tensor[] {
  if (!Array.isArray(results))
    throw new SurprisalError('argument', `${name}: lower must give a list of tensors, got ${describe(results)}`)
  if (results.length !== specs.length)
    throw new SurprisalError('argument', `${name}: lower must give ${specs.length} results, got ${results.length}`)
  results.forEach((result, k) => {
    const { shape, dtype } = asTensor(name, `result ${k}`, result)
    const spec = specs[k]
    if (!sameShape(shape, spec.shape))
      throw new SurprisalError(
        'shape',
        `${name}: result ${k} must have shape ${shapeText(spec.shape)}, got ${shapeText(shape)}`,
      )
    if (dtype !== spec.dtype)
      throw new SurprisalError('dtype', `${name}: result ${k} must be ${spec.dtype}, got ${dtype}`)
  })
  return results
}
