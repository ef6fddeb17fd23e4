import { quantizeAffine } from '@surprisal/quantization'
import { randomKey } from '@surprisal/tensor'
import { TextEncoder } from './text-encoder.ts'

/** An encoder whose table is rounded to 8 bits, one scale per token; the rest is as it was. */
export function compactEncoder(encoder: TextEncoder): TextEncoder {
  const [vocabSize] = encoder.embeddings.shape
  const hidden = encoder.expand?.weight.shape[0] ?? 0
  const compact = new TextEncoder({ vocabSize, dim: encoder.dim, hidden, key: randomKey(0) })
  compact.loadStateDict(encoder.stateDict())
  const { dequantized } = quantizeAffine(encoder.embeddings.value, {
    bits: 8,
    scheme: 'symmetric',
    granularity: 'channel',
    axis: 0,
  })
  compact.embeddings.assign(dequantized)
  return compact
}
