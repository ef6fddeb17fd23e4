import { evaluate } from './evaluate.ts'
import { memoryCounters } from './graph/storage.ts'
import { asTensor } from './operand.ts'
import { nodeOf, type TensorLike } from './tensor.ts'

/** Computes several tensors in one plan, so that what they share is computed once. */
export async function realize(...tensors: (TensorLike | readonly TensorLike[])[]): Promise<void> {
  evaluate(
    tensors.flat().map((tensor, i) => nodeOf(asTensor('realize', `tensor ${i}`, tensor as TensorLike), 'realize')),
  )
}

/** Bytes of computed values that are alive now, and the most there have been. */
export const memory = (): { live: number; peak: number } => memoryCounters()
