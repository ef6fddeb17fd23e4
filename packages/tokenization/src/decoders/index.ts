export { ByteLevel, type ByteLevelDecoderOptions } from './byte-level.ts'
export type { Decoder } from './decoder.ts'
