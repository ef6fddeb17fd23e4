import { byteOfCharacter } from '../bytes/alphabet.ts'
import type { Decoder } from './decoder.ts'

/** Options of the `ByteLevel` decoder: kept for the file format, none of them changes what it does. */
export interface ByteLevelDecoderOptions {
  /** @default true */
  addPrefixSpace?: boolean
  /** @default true */
  trimOffsets?: boolean
  /** @default true */
  useRegex?: boolean
}

const utf8 = new TextEncoder()

/**
 * Reads tokens written in the byte alphabet back into text (GPT-2, Radford et al., 2019). Bytes that are no valid UTF-8
 * become U+FFFD. A token with a character outside of the alphabet stands for its own UTF-8 bytes.
 */
export class ByteLevel implements Decoder {
  #options: Required<ByteLevelDecoderOptions>

  constructor({ addPrefixSpace = true, trimOffsets = true, useRegex = true }: ByteLevelDecoderOptions = {}) {
    this.#options = { addPrefixSpace, trimOffsets, useRegex }
  }

  decode(tokens: readonly string[]): string {
    const bytes: number[] = []
    for (const token of tokens) {
      for (const byte of tokenBytes(token)) bytes.push(byte)
    }
    // Without ignoreBOM a text's own leading U+FEFF would be lost.
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes))
  }

  toJSON(): object {
    const { addPrefixSpace, trimOffsets, useRegex } = this.#options
    return { type: 'ByteLevel', add_prefix_space: addPrefixSpace, trim_offsets: trimOffsets, use_regex: useRegex }
  }
}

function tokenBytes(token: string): Iterable<number> {
  const bytes: number[] = []
  for (const character of token) {
    const byte = byteOfCharacter(character)
    if (byte === undefined) return utf8.encode(token)
    bytes.push(byte)
  }
  return bytes
}
