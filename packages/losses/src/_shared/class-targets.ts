import { defineOp, type Shape, type Tensor, type TensorLike } from '@surprisal/tensor'
import { fail, floatTensor, requireNumber, requireShape, shapeText, tensorOf } from './arguments.ts'

/** Options of losses whose targets are class ids. */
export interface ClassTargetOptions {
  /** Targets with this number count for nothing: value 0, gradient 0, left out of the mean. Any integer. @default -100 */
  ignoreIndex?: number
  /** Whether reading the result throws for a class out of range; without the check its row is NaN. @default true */
  validate?: boolean
}

/** Class ids that are safe to gather with. */
export interface ClassTargets {
  /** int32, 0 where ignored or out of range. */
  readonly index: Tensor
  /** bool, false where ignored. */
  readonly kept: Tensor
  /** bool, false where out of range; null when the read throws instead. */
  readonly known: Tensor | null
}

/** Reads class ids of the given shape, ignored ones taken out before anything is gathered. */
export function classTargets(
  op: string,
  targets: TensorLike,
  shape: Shape,
  classes: number,
  { ignoreIndex = -100, validate = true }: ClassTargetOptions,
): ClassTargets {
  const given = tensorOf(op, 'targets', targets)
  if (given.dtype !== 'int32' && given.dtype !== 'uint8' && given.dtype !== 'int8')
    fail('dtype', op, `targets must be integers, got ${given.dtype}`)
  requireShape(op, 'targets', given, shape)
  requireNumber(op, 'ignoreIndex', ignoreIndex, Number.isInteger, 'an integer')
  const ids = given.cast('int32')
  const kept = ids.notEqual(ignoreIndex)
  if (validate) return { index: checkedIds(op, ids, classes, ignoreIndex), kept, known: null }
  const known = ids.greaterEqual(0).logicalAnd(ids.less(classes))
  return { index: ids.mul(known.logicalAnd(kept).cast('int32')), kept, known }
}

function checkedIds(op: string, ids: Tensor, classes: number, ignoreIndex: number): Tensor {
  const check = defineOp({
    name: op,
    infer: inputs => inputs,
    reference: ([{ data }], [output]) => {
      for (let i = 0; i < data.length; i++) {
        const id = data[i]
        if (id !== ignoreIndex && !(id >= 0 && id < classes))
          fail('index', op, `targets holds class ${id}, out of range [0, ${classes})`)
        output[i] = id === ignoreIndex ? 0 : id
      }
    },
  })
  return check([ids])[0]
}

/** The class axis: 1 unless given, 0 of a single sample. */
export function classAxis(op: string, name: string, { shape }: Tensor, dim = shape.length === 1 ? 0 : 1): number {
  if (shape.length === 0) fail('shape', op, `${name} has shape ${shapeText(shape)}, expected at least one dim`)
  const rank = shape.length
  const holds = (value: number) => Number.isInteger(value) && value >= -rank && value < rank
  requireNumber(op, 'classDim', dim, holds, `an integer in [${-rank}, ${rank - 1}]`)
  return dim < 0 ? dim + rank : dim
}

/** Constant weights of the classes, or null. */
export function classWeights(
  op: string,
  name: string,
  weight: TensorLike | null | undefined,
  classes: number,
): Tensor | null {
  if (weight === undefined || weight === null) return null
  const w = floatTensor(op, name, weight).detach()
  requireShape(op, name, w, [classes])
  return w
}

/** The entry of the target's class along the class axis, which goes away. */
export function pickClass(x: Tensor, { index }: ClassTargets, dim: number): Tensor {
  return x.gather(dim, index.unsqueeze(dim)).squeeze({ dim })
}
