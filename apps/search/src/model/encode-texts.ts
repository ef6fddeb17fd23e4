import type { TextEncoder } from './text-encoder.ts'
import { toTokenBatch } from './token-batch.ts'

const textsPerBatch = 2048

/** Vectors of many texts, row by row. */
export async function encodeTexts(
  encoder: TextEncoder,
  texts: readonly Int32Array[],
  onProgress: (done: number) => void | Promise<void> = () => undefined,
): Promise<Float32Array> {
  const vectors = new Float32Array(texts.length * encoder.dim)
  for (let at = 0; at < texts.length; at += textsPerBatch) {
    const batch = toTokenBatch(texts.slice(at, at + textsPerBatch))
    vectors.set((await encoder.forward(batch).data()) as Float32Array, at * encoder.dim)
    await onProgress(Math.min(texts.length, at + textsPerBatch))
  }
  return vectors
}

/** Vectors of a few texts, row by row, at once. */
export function encodeTextsSync(encoder: TextEncoder, texts: readonly Int32Array[]): Float32Array {
  return encoder.forward(toTokenBatch(texts)).dataSync() as Float32Array
}
