import type { Counts } from '../gpu/counts.ts'
import type { Bytes, First } from './runner.ts'

/** What a process is asked for. */
export type Request =
  | { readonly kind: 'first' }
  | { readonly kind: 'round'; readonly ms: number }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'counts' }

/** What it answers: one answer to every request, in order; `failed` is the last one. */
export type Answer =
  | { readonly kind: 'started'; readonly version: string }
  | { readonly kind: 'first'; readonly first: First }
  | { readonly kind: 'round'; readonly runs: number[] }
  | { readonly kind: 'bytes'; readonly bytes: Bytes | null }
  | { readonly kind: 'counts'; readonly counts: Counts | null }
  | { readonly kind: 'failed'; readonly problem: string }

/** What a process is started for; it travels as one argument in JSON. */
export interface Job {
  /** Bench file, as a path. */
  readonly file: string
  /** Name of the case within it. */
  readonly case: string
  readonly participant: string
  readonly threads: number
  /** Whether a processor plays the GPU. @default false */
  readonly isSoftware?: boolean
}
