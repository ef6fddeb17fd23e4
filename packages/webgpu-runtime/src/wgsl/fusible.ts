import type { Node } from '@surprisal/tensor/backend'
import { hasBinary } from './binary.ts'
import { hasUnary } from './unary.ts'

/** Whether a unary or binary function can be part of a kernel of the GPU. */
export function isFusible({ primitive, inputs }: Node): boolean {
  if (primitive.kind === 'unary') return hasUnary(primitive.f, inputs[0].dtype)
  return primitive.kind === 'binary' && hasBinary(primitive.f, inputs[0].dtype)
}
