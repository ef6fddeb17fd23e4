import { SurprisalError } from '@surprisal/tensor'
import { requireInteger } from '../_shared/require.ts'
import * as decoders from '../decoders/index.ts'
import { BPE } from '../models/bpe.ts'
import * as postProcessors from '../post-processors/index.ts'
import * as preTokenizers from '../pre-tokenizers/index.ts'
import type { AddedToken } from './added-tokens.ts'
import { JsonField } from './json-field.ts'
import { Tokenizer } from './tokenizer.ts'

/** Options of `loadTokenizer`. */
export interface LoadTokenizerOptions {
  /** How many words the model's cache remembers. @default 65536 */
  cacheCapacity?: number
}

/**
 * Reads a Hugging Face tokenizer.json: a BPE model with the ByteLevel pre-tokenizer, post-processor and decoder (each
 * may be null), and added tokens. Merges may be written `"a b"` or `["a", "b"]`. `JSON.stringify(tokenizer)` writes it back.
 *
 * @param json the file's text, or what `JSON.parse` makes of it
 * @throws {SurprisalError} `format` for a malformed file, naming the field's path, or for a part that is not supported,
 * naming its type
 */
export function loadTokenizer(json: string | object, { cacheCapacity = 65536 }: LoadTokenizerOptions = {}): Tokenizer {
  requireInteger(cacheCapacity, 'loadTokenizer: cacheCapacity', 0)
  const root = new JsonField(typeof json === 'string' ? parse(json) : json)
  for (const part of ['normalizer', 'truncation', 'padding']) {
    const field = root.get(part)
    if (!field.absent) unsupported(field, 'null')
  }
  return new Tokenizer({
    model: readBpe(root.get('model'), cacheCapacity),
    preTokenizer: readByteLevel(root.get('pre_tokenizer'), preTokenizers.ByteLevel, false),
    postProcessor: readByteLevel(root.get('post_processor'), postProcessors.ByteLevel, true),
    decoder: readByteLevel(root.get('decoder'), decoders.ByteLevel, true),
    addedTokens: root.get('added_tokens').absent ? [] : root.get('added_tokens').items().map(readAddedToken),
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new SurprisalError('format', `loadTokenizer: json must be valid JSON, got: ${reason}`, { cause })
  }
}

function readBpe(field: JsonField, cacheCapacity: number): BPE {
  // The oldest files name no type; only a BPE model has merges.
  if (!field.get('type').absent || field.get('merges').absent) requireType(field, 'BPE')
  const dropout = field.get('dropout')
  if (!dropout.absent && dropout.value !== 0) unsupported(dropout, 'null')
  const vocab = field.get('vocab')
  return new BPE({
    vocab: new Map(Object.keys(vocab.object()).map(token => [token, vocab.get(token).integer()])),
    merges: field.get('merges').items().map(readMerge),
    unkToken: field.get('unk_token').stringOrNull(),
    fuseUnk: field.get('fuse_unk').boolean(false),
    byteFallback: field.get('byte_fallback').boolean(false),
    ignoreMerges: field.get('ignore_merges').boolean(false),
    continuingSubwordPrefix: field.get('continuing_subword_prefix').stringOrNull(),
    endOfWordSuffix: field.get('end_of_word_suffix').stringOrNull(),
    cacheCapacity,
  })
}

function readMerge(field: JsonField): [string, string] {
  const parts = typeof field.value === 'string' ? field.value.split(' ') : field.items().map(part => part.string())
  if (parts.length !== 2) field.fail('be two tokens, "a b" or ["a", "b"]')
  return [parts[0], parts[1]]
}

function readAddedToken(field: JsonField): AddedToken {
  return {
    id: field.get('id').integer(),
    content: field.get('content').string(),
    singleWord: field.get('single_word').boolean(false),
    lstrip: field.get('lstrip').boolean(false),
    rstrip: field.get('rstrip').boolean(false),
    normalized: field.get('normalized').boolean(false),
    special: field.get('special').boolean(false),
  }
}

/** The three ByteLevel parts carry the same three fields. */
function readByteLevel<Part>(
  field: JsonField,
  Part: new (options: { addPrefixSpace: boolean; trimOffsets: boolean; useRegex: boolean }) => Part,
  addPrefixSpace: boolean,
): Part | null {
  if (field.absent) return null
  requireType(field, 'ByteLevel')
  return new Part({
    addPrefixSpace: field.get('add_prefix_space').boolean(addPrefixSpace),
    trimOffsets: field.get('trim_offsets').boolean(true),
    useRegex: field.get('use_regex').boolean(true),
  })
}

function requireType(field: JsonField, type: string): void {
  const given = field.get('type')
  if (given.string() !== type) unsupported(given, `"${type}"`)
}

function unsupported(field: JsonField, supported: string): never {
  return field.fail(`be ${supported}, the only kind supported here`)
}
