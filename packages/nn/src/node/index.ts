export { fileCheckpoints } from './file-checkpoints.ts'
export { type TerminalProgressOptions, terminalProgress } from './terminal-progress.ts'
