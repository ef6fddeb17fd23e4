import { SurprisalError, type Tensor, type TensorLike } from '@surprisal/tensor'
import { requireTensor, tensorOf } from '../_shared/positional.ts'

/**
 * A batch of images.
 * @param size height and width, where they are fixed
 * @throws {SurprisalError} `argument` unless x is a tensor, `shape` unless it is [batch, channels, height, width]
 */
export function requireImages(op: string, x: TensorLike, channels: number, size?: number): Tensor {
  requireTensor(op, 'x', x)
  const sides = x.shape.slice(2)
  if (x.shape.length !== 4 || x.shape[1] !== channels || (size !== undefined && sides.some(side => side !== size)))
    throw new SurprisalError(
      'shape',
      `${op}: x must be [batch, ${channels}, ${size ?? 'height'}, ${size ?? 'width'}], got [${x.shape.join(', ')}]`,
    )
  return tensorOf(x)
}

/** Names of the sizes that each kind of model comes in. */
export type PresetName = 'nano' | 'tiny' | 'small'
