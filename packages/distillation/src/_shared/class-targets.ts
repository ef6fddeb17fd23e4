import { defineOp, type Tensor, type TensorLike } from '@surprisal/tensor'
import { fail, shapeText, tensorOf } from './arguments.ts'

/** Class ids that are safe to gather with, and which rows they keep. */
export interface ClassTargets {
  readonly index: Tensor
  readonly kept: Tensor
}

/** Reads class ids, one for each row of `logits`; the read throws for one out of range that is not ignored. */
export function classTargets(op: string, targets: TensorLike, logits: Tensor, ignoreIndex: number): ClassTargets {
  const given = tensorOf(op, 'targets', targets)
  const rows = logits.shape.slice(0, -1)
  const classes = logits.shape[logits.ndim - 1]
  if (given.dtype.startsWith('float') || given.dtype === 'bool')
    fail('dtype', op, `targets must be integers, got ${given.dtype}`)
  if (shapeText(given.shape) !== shapeText(rows))
    fail('shape', op, `targets must have shape ${shapeText(rows)}, got ${shapeText(given.shape)}`)
  if (!Number.isInteger(ignoreIndex)) fail('argument', op, `ignoreIndex must be an integer, got ${String(ignoreIndex)}`)
  const ids = given.cast('int32')
  const check = defineOp({
    name: op,
    infer: inputs => inputs,
    reference: ([{ data }], [output]) => {
      for (let i = 0; i < data.length; i++) {
        const id = data[i]
        if (id !== ignoreIndex && !(id >= 0 && id < classes))
          fail('index', op, `targets must hold classes in [0, ${classes}), got ${id}`)
        output[i] = id === ignoreIndex ? 0 : id
      }
    },
  })
  return { index: check([ids])[0], kept: ids.notEqual(ignoreIndex) }
}
