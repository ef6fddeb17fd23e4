export { ByteLevel, type ByteLevelOptions } from './byte-level.ts'
export type { PreToken, PreTokenizer } from './pre-tokenizer.ts'
