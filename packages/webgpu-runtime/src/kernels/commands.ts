import type { PooledBuffer } from '../buffers/pool.ts'
import type { Kernel } from './kernel.ts'

/** A kernel over some workgroups. */
export interface Dispatch {
  readonly kind: 'dispatch'
  readonly kernel: Kernel
  /** One for each binding but the uniform one. */
  readonly buffers: readonly PooledBuffer[]
  /** A copy of the kernel's parameters. */
  readonly params: Uint8Array<ArrayBuffer> | null
  readonly groups: number
}

/** What is recorded and later put into one submission. Offsets and sizes are multiples of 4. */
export type Command =
  | Dispatch
  | { readonly kind: 'clear'; readonly buffer: PooledBuffer }
  | { readonly kind: 'write'; readonly buffer: PooledBuffer; readonly data: Uint8Array<ArrayBuffer> }
  | {
      readonly kind: 'copy'
      readonly from: PooledBuffer
      readonly fromOffset: number
      readonly to: PooledBuffer
      readonly toOffset: number
      readonly bytes: number
    }
  | {
      readonly kind: 'read'
      readonly from: PooledBuffer
      readonly offset: number
      readonly staging: GPUBuffer
      readonly stagingOffset: number
      readonly bytes: number
    }

/** The buffers that a command reads or writes. */
export function buffersOf(command: Command): readonly PooledBuffer[] {
  if (command.kind === 'dispatch') return command.buffers
  if (command.kind === 'copy') return [command.from, command.to]
  return command.kind === 'read' ? [command.from] : [command.buffer]
}
