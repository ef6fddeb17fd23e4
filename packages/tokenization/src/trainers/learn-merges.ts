import type { GrowingVocabulary } from './bpe-alphabet.ts'
import { PairCounts } from './pair-counts.ts'
import { SegmentedWords } from './segmented-words.ts'

/** What bounds and watches the merge loop. */
export interface MergeLimits {
  vocabSize: number
  minFrequency: number
  maxTokenLength: number
  /** What a continuing right part loses when it is joined. */
  prefix: string
  onProgress?: (progress: { tokens: number; vocabSize: number }) => void
  signal?: AbortSignal
}

const MERGES_PER_REPORT = 256

/** Joins the most frequent pair until the vocabulary is full or no pair is frequent enough; returns the merges in order. */
export function learnMerges(
  words: readonly (readonly number[])[],
  times: readonly number[],
  vocabulary: GrowingVocabulary,
  limits: MergeLimits,
): [string, string][] {
  const { vocabSize, maxTokenLength, prefix, onProgress, signal } = limits
  const threshold = Math.max(1, limits.minFrequency)
  const { tokens } = vocabulary
  // Characters of the text under each token: decorations do not count. Every symbol of the start covers one.
  const lengths = new Array<number>(tokens.length).fill(1)
  const allowed = (left: number, right: number): boolean => lengths[left] + lengths[right] <= maxTokenLength
  const segmented = new SegmentedWords(words, times)
  const counts = new PairCounts()
  segmented.countPairs(counts, allowed)
  counts.commit()

  const merges: [string, string][] = []
  while (tokens.length < vocabSize) {
    const best = counts.take()
    if (best === undefined || best.count < threshold) break
    const { left, right } = best
    const tail = tokens[right].startsWith(prefix) ? tokens[right].slice(prefix.length) : tokens[right]
    const joined = vocabulary.idOf(tokens[left] + tail)
    lengths[joined] ??= lengths[left] + lengths[right]
    merges.push([tokens[left], tokens[right]])
    for (const word of counts.takeWords(best.pair)) segmented.merge(word, left, right, joined, counts, allowed)
    counts.commit()
    if (merges.length % MERGES_PER_REPORT === 0) {
      onProgress?.({ tokens: tokens.length, vocabSize })
      signal?.throwIfAborted()
    }
  }
  onProgress?.({ tokens: tokens.length, vocabSize })
  return merges
}
