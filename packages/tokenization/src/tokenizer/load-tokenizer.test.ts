import { SurprisalError } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { byteAlphabet } from '../bytes/alphabet.ts'
import { loadTokenizer } from './load-tokenizer.ts'

const BYTES = [...byteAlphabet()].sort()
const MERGES = ['Ġ a', 'a b', 'Ġa b', 'Ã ©', 'Ġ t', 'Ġt h', 'h e', 'Ġth e'].map(merge => merge.split(' '))

interface File {
  [part: string]: unknown
  model: { type?: string; merges: (string | string[])[]; [field: string]: unknown }
}

/** A RoBERTa-like file: byte-level, trimmed offsets, one added token outside of the vocabulary. */
function roberta(): File {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [{ id: 264, content: '<|end|>', ...flags, special: true }],
    normalizer: null,
    pre_tokenizer: { ...byteLevel },
    post_processor: { ...byteLevel },
    decoder: { ...byteLevel, add_prefix_space: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries([...BYTES, ...MERGES.map(merge => merge.join(''))].map((token, id) => [token, id])),
      merges: MERGES,
    },
  }
}

const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }
const FLAGS = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
const PREFIXED = { ...BYTE_LEVEL, add_prefix_space: true }

/** Files that differ from `roberta()` in these parts. */
const CONFIGS: Record<string, Partial<File>> = {
  plain: { added_tokens: [] },
  'untrimmed offsets': { added_tokens: [], post_processor: { ...BYTE_LEVEL, trim_offsets: false } },
  'prefix space': { added_tokens: [], pre_tokenizer: PREFIXED, post_processor: PREFIXED },
  'prefix space, trimmed as if there were none': { added_tokens: [], pre_tokenizer: PREFIXED },
  'no pattern': { added_tokens: [], pre_tokenizer: { ...BYTE_LEVEL, use_regex: false }, post_processor: null },
  lstrip: { added_tokens: [{ id: 264, content: '[M]', ...FLAGS, lstrip: true }] },
  'rstrip, single word': {
    added_tokens: [
      { id: 264, content: '[M]', ...FLAGS, rstrip: true },
      { id: 265, content: 'the', ...FLAGS, single_word: true, special: false },
    ],
  },
  'normalized beside raw': {
    added_tokens: [
      { id: 257, content: 'ab', ...FLAGS, normalized: true },
      { id: 264, content: 'bé', ...FLAGS },
    ],
  },
}

interface Recorded {
  config: string
  text: string
  pair: string | null
  ids: string
  /** In code points. */
  offsets: string
  words: string
  /** Of all ids, special tokens skipped. */
  decoded: string
}

/** What npm tokenizers 0.23.2 gives. */
const NATIVE: Recorded[] = [
  {
    config: 'plain',
    text: ' the ab éab\n the',
    pair: null,
    ids: '263 258 220 259 257 198 263',
    offsets: '1-4 5-7 8-8 8-9 9-11 11-12 13-16',
    words: '0 1 2 2 2 3 4',
    decoded: ' the ab éab\n the',
  },
  {
    config: 'plain',
    text: "😀  it's\u0085 the",
    pair: null,
    ids: '172 253 246 222 220 220 72 83 6 82 126 227 263',
    offsets: '0-1 0-1 0-1 0-1 2-2 3-3 3-4 4-5 5-6 6-7 7-8 7-8 9-12',
    words: '0 0 0 0 1 2 2 2 3 3 4 4 5',
    decoded: "😀  it's\u0085 the",
  },
  {
    config: 'plain',
    text: 'ab [M] the[M] \ufeff',
    pair: 'the ab',
    ids: '257 220 58 44 60 263 58 44 60 220 171 119 123 83 262 258',
    offsets: '0-2 3-3 3-4 4-5 5-6 7-10 10-11 11-12 12-13 14-14 14-15 14-15 14-15 0-1 1-3 4-6',
    words: '0 1 1 2 3 4 5 6 7 8 8 8 8 0 0 1',
    decoded: 'ab [M] the[M] \ufeffthe ab',
  },
  {
    config: 'untrimmed offsets',
    text: ' the ab éab\n the',
    pair: null,
    ids: '263 258 220 259 257 198 263',
    offsets: '0-4 4-7 7-8 8-9 9-11 11-12 12-16',
    words: '0 1 2 2 2 3 4',
    decoded: ' the ab éab\n the',
  },
  {
    config: 'untrimmed offsets',
    text: "😀  it's\u0085 the",
    pair: null,
    ids: '172 253 246 222 220 220 72 83 6 82 126 227 263',
    offsets: '0-1 0-1 0-1 0-1 1-2 2-3 3-4 4-5 5-6 6-7 7-8 7-8 8-12',
    words: '0 0 0 0 1 2 2 2 3 3 4 4 5',
    decoded: "😀  it's\u0085 the",
  },
  {
    config: 'untrimmed offsets',
    text: 'ab [M] the[M] \ufeff',
    pair: 'the ab',
    ids: '257 220 58 44 60 263 58 44 60 220 171 119 123 83 262 258',
    offsets: '0-2 2-3 3-4 4-5 5-6 6-10 10-11 11-12 12-13 13-14 14-15 14-15 14-15 0-1 1-3 3-6',
    words: '0 1 1 2 3 4 5 6 7 8 8 8 8 0 0 1',
    decoded: 'ab [M] the[M] \ufeffthe ab',
  },
  {
    config: 'prefix space',
    text: ' the ab éab\n the',
    pair: null,
    ids: '263 258 220 259 257 198 263',
    offsets: '0-4 5-7 8-8 8-9 9-11 11-12 13-16',
    words: '0 1 2 2 2 3 4',
    decoded: ' the ab éab\n the',
  },
  {
    config: 'prefix space',
    text: "😀  it's\u0085 the",
    pair: null,
    ids: '220 172 253 246 222 220 220 72 83 6 82 126 227 263',
    offsets: '0-0 0-1 0-1 0-1 0-1 2-2 3-3 3-4 4-5 5-6 6-7 7-8 7-8 9-12',
    words: '0 0 0 0 0 1 2 2 2 3 3 4 4 5',
    decoded: " 😀  it's\u0085 the",
  },
  {
    config: 'prefix space',
    text: 'ab [M] the[M] \ufeff',
    pair: 'the ab',
    ids: '258 220 58 44 60 263 58 44 60 220 171 119 123 263 258',
    offsets: '0-2 3-3 3-4 4-5 5-6 7-10 10-11 11-12 12-13 14-14 14-15 14-15 14-15 0-3 4-6',
    words: '0 1 1 2 3 4 5 6 7 8 8 8 8 0 1',
    decoded: ' ab [M] the[M] \ufeff the ab',
  },
  {
    config: 'prefix space, trimmed as if there were none',
    text: ' the ab éab\n the',
    pair: null,
    ids: '263 258 220 259 257 198 263',
    offsets: '1-4 5-7 8-8 8-9 9-11 11-12 13-16',
    words: '0 1 2 2 2 3 4',
    decoded: ' the ab éab\n the',
  },
  {
    config: 'prefix space, trimmed as if there were none',
    text: "😀  it's\u0085 the",
    pair: null,
    ids: '220 172 253 246 222 220 220 72 83 6 82 126 227 263',
    offsets: '1-1 0-1 0-1 0-1 0-1 2-2 3-3 3-4 4-5 5-6 6-7 7-8 7-8 9-12',
    words: '0 0 0 0 0 1 2 2 2 3 3 4 4 5',
    decoded: " 😀  it's\u0085 the",
  },
  {
    config: 'prefix space, trimmed as if there were none',
    text: 'ab [M] the[M] \ufeff',
    pair: 'the ab',
    ids: '258 220 58 44 60 263 58 44 60 220 171 119 123 263 258',
    offsets: '1-2 3-3 3-4 4-5 5-6 7-10 10-11 11-12 12-13 14-14 14-15 14-15 14-15 1-3 4-6',
    words: '0 1 1 2 3 4 5 6 7 8 8 8 8 0 1',
    decoded: ' ab [M] the[M] \ufeff the ab',
  },
  {
    config: 'no pattern',
    text: ' the ab éab\n the',
    pair: null,
    ids: '263 258 220 259 257 198 263',
    offsets: '0-4 4-7 7-8 8-9 9-11 11-12 12-16',
    words: '0 0 0 0 0 0 0',
    decoded: ' the ab éab\n the',
  },
  {
    config: 'no pattern',
    text: "😀  it's\u0085 the",
    pair: null,
    ids: '172 253 246 222 220 220 72 83 6 82 126 227 263',
    offsets: '0-1 0-1 0-1 0-1 1-2 2-3 3-4 4-5 5-6 6-7 7-8 7-8 8-12',
    words: '0 0 0 0 0 0 0 0 0 0 0 0 0',
    decoded: "😀  it's\u0085 the",
  },
  {
    config: 'no pattern',
    text: 'ab [M] the[M] \ufeff',
    pair: 'the ab',
    ids: '257 220 58 44 60 263 58 44 60 220 171 119 123 83 262 258',
    offsets: '0-2 2-3 3-4 4-5 5-6 6-10 10-11 11-12 12-13 13-14 14-15 14-15 14-15 0-1 1-3 3-6',
    words: '0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0',
    decoded: 'ab [M] the[M] \ufeffthe ab',
  },
  {
    config: 'lstrip',
    text: ' the ab éab\n the',
    pair: null,
    ids: '263 258 220 259 257 198 263',
    offsets: '1-4 5-7 8-8 8-9 9-11 11-12 13-16',
    words: '0 1 2 2 2 3 4',
    decoded: ' the ab éab\n the',
  },
  {
    config: 'lstrip',
    text: "😀  it's\u0085 the",
    pair: null,
    ids: '172 253 246 222 220 220 72 83 6 82 126 227 263',
    offsets: '0-1 0-1 0-1 0-1 2-2 3-3 3-4 4-5 5-6 6-7 7-8 7-8 9-12',
    words: '0 0 0 0 1 2 2 2 3 3 4 4 5',
    decoded: "😀  it's\u0085 the",
  },
  {
    config: 'lstrip',
    text: 'ab [M] the[M] \ufeff',
    pair: 'the ab',
    ids: '257 264 263 264 220 171 119 123 83 262 258',
    offsets: '0-2 3-6 7-10 10-13 14-14 14-15 14-15 14-15 0-1 1-3 4-6',
    words: '0 1 2 3 4 4 4 4 0 0 1',
    decoded: 'ab the \ufeffthe ab',
  },
  {
    config: 'rstrip, single word',
    text: ' the ab éab\n the',
    pair: null,
    ids: '220 265 258 220 259 257 198 220 265',
    offsets: '1-1 1-4 5-7 8-8 8-9 9-11 11-12 13-13 13-16',
    words: '0 1 2 3 3 3 4 4 5',
    decoded: ' the ab éab\n the',
  },
  {
    config: 'rstrip, single word',
    text: "😀  it's\u0085 the",
    pair: null,
    ids: '172 253 246 222 220 220 72 83 6 82 126 227 220 265',
    offsets: '0-1 0-1 0-1 0-1 2-2 3-3 3-4 4-5 5-6 6-7 7-8 7-8 9-9 9-12',
    words: '0 0 0 0 1 2 2 2 3 3 4 4 4 5',
    decoded: "😀  it's\u0085 the",
  },
  {
    config: 'rstrip, single word',
    text: 'ab [M] the[M] \ufeff',
    pair: 'the ab',
    ids: '257 220 264 265 264 171 119 123 265 258',
    offsets: '0-2 3-3 3-6 7-10 10-13 14-15 14-15 14-15 0-3 4-6',
    words: '0 1 2 3 4 5 5 5 0 1',
    decoded: 'ab the\ufeffthe ab',
  },
  {
    config: 'normalized beside raw',
    text: ' the ab éab\n the',
    pair: null,
    ids: '263 220 257 220 259 257 198 263',
    offsets: '1-4 5-5 5-7 8-8 8-9 9-11 11-12 13-16',
    words: '0 1 2 3 3 4 5 6',
    decoded: ' the  é\n the',
  },
  {
    config: 'normalized beside raw',
    text: "😀  it's\u0085 the",
    pair: null,
    ids: '172 253 246 222 220 220 72 83 6 82 126 227 263',
    offsets: '0-1 0-1 0-1 0-1 2-2 3-3 3-4 4-5 5-6 6-7 7-8 7-8 9-12',
    words: '0 0 0 0 1 2 2 2 3 3 4 4 5',
    decoded: "😀  it's\u0085 the",
  },
  {
    config: 'normalized beside raw',
    text: 'ab [M] the[M] \ufeff',
    pair: 'the ab',
    ids: '257 220 58 44 60 263 58 44 60 220 171 119 123 83 262 220 257',
    offsets: '0-2 3-3 3-4 4-5 5-6 7-10 10-11 11-12 12-13 14-14 14-15 14-15 14-15 0-1 1-3 4-4 4-6',
    words: '0 1 1 2 3 4 5 6 7 8 8 8 8 0 0 1 2',
    decoded: ' [M] the[M] \ufeffthe ',
  },
]

describe('loadTokenizer', () => {
  it('encodes as the native library does', () => {
    const encoding = loadTokenizer(roberta()).encode(' the ab éab\n the', null, { offsetUnit: 'codepoint' })
    expect(encoding).toMatchObject({
      ids: [263, 258, 220, 259, 257, 198, 263],
      tokens: ['Ġthe', 'Ġab', 'Ġ', 'Ã©', 'ab', 'Ċ', 'Ġthe'],
      offsets: [
        [1, 4],
        [5, 7],
        [8, 8],
        [8, 9],
        [9, 11],
        [11, 12],
        [13, 16],
      ],
      wordIds: [0, 1, 2, 2, 2, 3, 4],
    })
  })

  it.each(NATIVE)('gives what the native library gives: $config, case %#', recorded => {
    const tokenizer = loadTokenizer({ ...roberta(), ...CONFIGS[recorded.config] })
    const encoding = tokenizer.encode(recorded.text, recorded.pair, { offsetUnit: 'codepoint' })
    expect(encoding.ids.join(' ')).toBe(recorded.ids)
    expect(encoding.offsets.map(([start, end]) => `${start}-${end}`).join(' ')).toBe(recorded.offsets)
    expect(encoding.wordIds.join(' ')).toBe(recorded.words)
    expect(tokenizer.decode(encoding.ids)).toBe(recorded.decoded)
  })

  it('saves what it has read', () => {
    const file = roberta()
    expect(JSON.parse(JSON.stringify(loadTokenizer(file)))).toEqual(file)
    const again = JSON.stringify(loadTokenizer(JSON.stringify(loadTokenizer(file))))
    expect(again).toBe(JSON.stringify(loadTokenizer(file)))
  })

  it('reads merges that are written as strings, and a model without a type', () => {
    const file = roberta()
    file.model.merges = MERGES.map(merge => merge.join(' '))
    delete file.model.type
    expect(JSON.stringify(loadTokenizer(file))).toBe(JSON.stringify(loadTokenizer(roberta())))
  })

  it('reads a file with nothing but a model', () => {
    const tokenizer = loadTokenizer({ model: { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'] } })
    expect([...tokenizer.encodeIds('abb')]).toEqual([2, 1])
    expect(tokenizer.decode([2, 1])).toBe('ab b')
  })

  it.each([
    ['normalizer', { type: 'NFC' }, 'normalizer must be null, the only kind supported here, got an object'],
    ['truncation', { max_length: 8 }, 'truncation must be null, the only kind supported here, got an object'],
    ['padding', {}, 'padding must be null, the only kind supported here, got an object'],
    [
      'pre_tokenizer',
      { type: 'Metaspace' },
      'pre_tokenizer.type must be "ByteLevel", the only kind supported here, got "Metaspace"',
    ],
    [
      'post_processor',
      { type: 'TemplateProcessing' },
      'post_processor.type must be "ByteLevel", the only kind supported here, got "TemplateProcessing"',
    ],
    ['decoder', { type: 'CTC' }, 'decoder.type must be "ByteLevel", the only kind supported here, got "CTC"'],
    ['decoder', {}, 'decoder.type must be a string, got nothing'],
    ['pre_tokenizer', { type: 'ByteLevel', use_regex: 1 }, 'pre_tokenizer.use_regex must be true or false, got 1'],
    ['added_tokens', {}, 'added_tokens must be an array, got an object'],
    ['added_tokens', [{ content: 'x' }], 'added_tokens[0].id must be an integer >= 0, got nothing'],
    ['added_tokens', [{ id: 300, content: 5 }], 'added_tokens[0].content must be a string, got 5'],
    ['model', undefined, 'model must be an object, got nothing'],
    ['model', { vocab: {} }, 'model.type must be a string, got nothing'],
    ['model', { type: 'Unigram' }, 'model.type must be "BPE", the only kind supported here, got "Unigram"'],
    ['model', { type: 'BPE', vocab: [], merges: [] }, 'model.vocab must be an object, got an array'],
    ['model', { type: 'BPE', vocab: { a: '0' }, merges: [] }, 'model.vocab.a must be an integer >= 0, got "0"'],
    ['model', { type: 'BPE', vocab: {} }, 'model.merges must be an array, got nothing'],
    [
      'model',
      { type: 'BPE', vocab: { a: 0 }, merges: ['a'] },
      'model.merges[0] must be two tokens, "a b" or ["a", "b"], got "a"',
    ],
    ['model', { type: 'BPE', vocab: { a: 0 }, merges: [['a', 1]] }, 'model.merges[0][1] must be a string, got 1'],
    [
      'model',
      { type: 'BPE', dropout: 0.1, vocab: {}, merges: [] },
      'model.dropout must be null, the only kind supported here, got 0.1',
    ],
  ])('refuses %s %o', (field, value, message) => {
    const load = (): unknown => loadTokenizer({ ...roberta(), [field]: value })
    expect(load).toThrow(new SurprisalError('format', `loadTokenizer: ${message}`))
  })

  it('names the merge whose part is not in the vocabulary', () => {
    const file = roberta()
    file.model.merges[5] = ['Ġq', 'h']
    const message = 'BPE: model.merges[5] must join two tokens of model.vocab into a third, got "Ġq" + "h": no "Ġq"'
    expect(() => loadTokenizer(file)).toThrow(new SurprisalError('format', message))
  })

  it('refuses a file that is no JSON, or no object', () => {
    expect(() => loadTokenizer('{')).toThrow(/^loadTokenizer: json must be valid JSON, got: /)
    expect(() => loadTokenizer('[]')).toThrow('loadTokenizer: json must be an object, got an array')
    expect(() => loadTokenizer(null as unknown as string)).toThrow('loadTokenizer: json must be an object, got null')
  })
})
