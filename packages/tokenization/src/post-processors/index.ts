export { ByteLevel, type ByteLevelPostProcessorOptions } from './byte-level.ts'
export type { PostProcessor } from './post-processor.ts'
