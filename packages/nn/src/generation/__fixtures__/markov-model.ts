import { log, type Tensor, type TensorLike, tensor } from '@surprisal/tensor'
import type { GenerationCache, LanguageModel, LanguageModelOptions } from '../language-model.ts'

/** What a call of the model was given. */
interface Call {
  readonly shape: readonly number[]
  readonly cached: number
  readonly mask: readonly number[] | null
}

/** A model whose next token depends on the last one alone, and which notes what it is asked. */
export class MarkovModel implements LanguageModel {
  readonly calls: Call[] = []
  readonly orders: (readonly number[])[] = []
  readonly #rows: Tensor

  /** @param rows row i: probabilities of what follows token i */
  constructor(rows: readonly (readonly number[])[]) {
    this.#rows = log(tensor(rows.map(row => [...row])))
  }

  forward(ids: TensorLike, { cache, attentionMask }: LanguageModelOptions = {}): Tensor {
    const mask = attentionMask as Tensor | undefined
    this.calls.push({
      shape: ids.shape,
      cached: cache?.length ?? 0,
      mask: mask ? [...mask.dataSync()] : null,
    })
    if (cache) (cache as Counter).length += ids.shape[1]
    return this.#rows.indexSelect(0, (ids as Tensor).reshape([-1])).reshape([...ids.shape, this.#rows.shape[1]])
  }

  createCache(): GenerationCache {
    return new Counter(this.orders)
  }
}

class Counter implements GenerationCache {
  length = 0
  readonly #orders: (readonly number[])[]

  constructor(orders: (readonly number[])[]) {
    this.#orders = orders
  }

  reorder(rows: readonly number[]): void {
    this.#orders.push(rows)
  }

  tensors(): readonly Tensor[] {
    return []
  }
}
