import { randomKey, SurprisalError, threefry2x32 } from '@surprisal/tensor'
import { requireWhole } from '../_shared/require.ts'

/**
 * The batches of a training by number. A batch follows from its number alone, so that the number is all that a
 * checkpoint has to keep of the data.
 */
export interface BatchSource<B> {
  /** Batches until the data begins again; left out where it never does. */
  readonly batchesPerEpoch?: number
  /** Awaited before `batch` of the same number is called: the place to read files or to download. */
  load?(index: number): Promise<void>
  /** Batch `index` = 0, 1, ... of the whole training. Tensors that it makes are freed after the step. */
  batch(index: number): B
}

/** Batches as a source, as a function of their number, or as a list that is gone through again and again. */
export type Batches<B> = BatchSource<B> | ((index: number) => B) | readonly B[]

/** @throws {SurprisalError} `argument` for an empty list or what is no data */
export function batchSource<B>(data: Batches<B>): BatchSource<B> {
  if (typeof data === 'function') return { batch: data }
  if (Array.isArray(data)) {
    if (data.length === 0) throw new SurprisalError('argument', 'fit: data must hold a batch, got none')
    return { batchesPerEpoch: data.length, batch: index => data[index % data.length] }
  }
  if (typeof (data as BatchSource<B> | undefined)?.batch !== 'function')
    throw new SurprisalError('argument', `fit: data must be a source, a function or a list, got ${String(data)}`)
  return data as BatchSource<B>
}

/** Options of {@link shuffledBatches}. */
export interface ShuffledBatchesOptions<B> {
  batchSize: number
  /** Seed of the orders. @default 0 */
  seed?: number
  /** Give the last, smaller batch of an epoch too. @default false */
  partial?: boolean
  /** Makes a batch of the numbers of its samples. */
  take: (samples: Int32Array) => B
}

/**
 * All samples 0 ... count-1 in a new random order each epoch, in batches. The order follows from the seed and the
 * number of the epoch.
 * @throws {SurprisalError} `argument` for a count or size that is no whole number from 1, or a size above the count
 */
export function shuffledBatches<B>(count: number, options: ShuffledBatchesOptions<B>): BatchSource<B> {
  const { batchSize, seed = 0, partial = false, take } = options
  requireWhole('shuffledBatches', 'count', count, 1)
  requireWhole('shuffledBatches', 'batchSize', batchSize, 1)
  if (batchSize > count && !partial)
    throw new SurprisalError('argument', `shuffledBatches: batchSize must be at most ${count}, got ${batchSize}`)
  const batchesPerEpoch = partial ? Math.ceil(count / batchSize) : Math.floor(count / batchSize)
  let epoch = -1
  let order: Int32Array = new Int32Array(0)
  return {
    batchesPerEpoch,
    batch(index) {
      const wanted = Math.floor(index / batchesPerEpoch)
      if (wanted !== epoch) order = shuffled(count, seed, wanted)
      epoch = wanted
      const start = (index % batchesPerEpoch) * batchSize
      return take(order.slice(start, Math.min(start + batchSize, count)))
    },
  }
}

/** An order by Fisher and Yates, with draws below `i + 1` that are uniform but for 2^-32. */
function shuffled(count: number, seed: number, epoch: number): Int32Array {
  const key = randomKey(seed)
  const order = Int32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const [bits] = threefry2x32(key, [epoch, i])
    const j = Math.floor((bits / 2 ** 32) * (i + 1))
    const swapped = order[i]
    order[i] = order[j]
    order[j] = swapped
  }
  return order
}
