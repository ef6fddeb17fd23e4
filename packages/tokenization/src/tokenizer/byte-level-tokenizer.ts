import * as decoders from '../decoders/index.ts'
import { BPE } from '../models/bpe.ts'
import * as postProcessors from '../post-processors/index.ts'
import * as preTokenizers from '../pre-tokenizers/index.ts'
import type { TrainedBpe } from '../trainers/train-bpe.ts'
import { Tokenizer } from './tokenizer.ts'

/** Options of `byteLevelTokenizer`. */
export interface ByteLevelTokenizerOptions {
  /** Put a space before a text that does not begin with one. @default false */
  addPrefixSpace?: boolean
  /** Leave white space at either end of a token out of its offsets. @default false */
  trimOffsets?: boolean
  /** How many words the cache remembers. @default 65536 */
  cacheCapacity?: number
}

/**
 * The tokenizer of a byte-level BPE that `trainBpe` has learned from texts (GPT-2, Radford et al., 2019): any text goes
 * in, and `decode` gives it back (a lone surrogate comes back as U+FFFD, and an added prefix space stays).
 * The special tokens of the training become added tokens.
 *
 * @example
 * const tokenizer = byteLevelTokenizer(trainBpe(['low lower lowest'], { vocabSize: 260 }))
 * tokenizer.encode('lowest').tokens // ['low', 'e', 's', 't']
 */
export function byteLevelTokenizer(trained: TrainedBpe, options: ByteLevelTokenizerOptions = {}): Tokenizer {
  const { addPrefixSpace = false, trimOffsets = false, cacheCapacity } = options
  const model = new BPE({ vocab: trained.tokens, merges: trained.merges, cacheCapacity })
  return new Tokenizer({
    model,
    preTokenizer: new preTokenizers.ByteLevel({ addPrefixSpace }),
    postProcessor: new postProcessors.ByteLevel({ addPrefixSpace, trimOffsets }),
    decoder: new decoders.ByteLevel(),
    addedTokens: trained.specialTokens.map(content => ({ id: model.tokenToId(content) as number, content })),
  })
}
