import { characterClass, SPACE } from '../_shared/character-class.ts'
import type { Encoding } from '../tokenizer/encoding.ts'
import type { PostProcessor } from './post-processor.ts'

/** Options of the `ByteLevel` post-processor. */
export interface ByteLevelPostProcessorOptions {
  /** The blank that the first token may begin with was put there, so it is not trimmed. @default true */
  addPrefixSpace?: boolean
  /** Leave white space at either end of a token out of its offsets. @default true */
  trimOffsets?: boolean
  /** Kept for the file format. @default true */
  useRegex?: boolean
}

/** Trims the white space that byte-level tokens carry from their offsets (RoBERTa, Liu et al., 2019). */
export class ByteLevel implements PostProcessor {
  #options: Required<ByteLevelPostProcessorOptions>

  constructor({ addPrefixSpace = true, trimOffsets = true, useRegex = true }: ByteLevelPostProcessorOptions = {}) {
    this.#options = { addPrefixSpace, trimOffsets, useRegex }
  }

  process(sequences: Encoding[], texts: readonly string[]): void {
    if (!this.#options.trimOffsets) return
    sequences.forEach(({ tokens, offsets }, sequence) => {
      offsets.forEach(([start, end], index) => {
        const spaces = countSpaces(tokens[index], 0, 1)
        // One blank before the first word was put there by the pre-tokenizer; more than one came with the text.
        const inserted = this.#options.addPrefixSpace && (index === 0 || start === 0) && spaces === 1
        const trimmed = forward(texts[sequence], start, inserted ? 0 : spaces, end)
        const trailing = countSpaces(tokens[index], tokens[index].length - 1, -1)
        offsets[index] = [trimmed, Math.max(backward(texts[sequence], end, trailing), trimmed)]
      })
    })
  }

  toJSON(): object {
    const { addPrefixSpace, trimOffsets, useRegex } = this.#options
    return { type: 'ByteLevel', add_prefix_space: addPrefixSpace, trim_offsets: trimOffsets, use_regex: useRegex }
  }
}

// U+0120 is how the byte alphabet writes a blank. White space is one UTF-16 unit wide, so units can be counted.
function countSpaces(token: string, from: number, step: 1 | -1): number {
  let count = 0
  for (let i = from; i >= 0 && i < token.length; i += step) {
    const unit = token.charCodeAt(i)
    if (unit !== 0x120 && characterClass(unit) !== SPACE) break
    count++
  }
  return count
}

// A token's blank may be one that was inserted: then what is stepped over is a whole character, maybe two units wide.
function forward(text: string, position: number, characters: number, limit: number): number {
  let at = position
  for (let i = 0; i < characters && at < limit; i++) at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1
  return at
}

/** Stays where it is when there are fewer than that many characters before. */
function backward(text: string, position: number, characters: number): number {
  let at = position
  for (let i = 0; i < characters; i++) {
    if (at === 0) return position
    at -= (text.codePointAt(at - 2) ?? 0) > 0xffff ? 2 : 1
  }
  return at
}
