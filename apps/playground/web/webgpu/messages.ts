import type { DeviceDescription } from '@surprisal/webgpu-runtime'
import type { Agreement, Sample } from './compare.ts'
import type { WorkName } from './work.ts'

/** What the page asks of the worker. */
export type Request =
  | { readonly kind: 'describe' }
  | { readonly kind: 'compare'; readonly work: WorkName; readonly size: number; readonly rounds: number }
  | { readonly kind: 'stop' }

/** The devices that there are. */
export interface Devices {
  /** Null where there is no WebGPU. */
  readonly gpu: DeviceDescription | null
  /** Why there is no WebGPU, else null. */
  readonly reason: string | null
  readonly cores: number
  /** Whether the page may share memory between threads. */
  readonly threads: boolean
}

/** What the worker tells the page. */
export type Reply =
  | ({ readonly kind: 'devices' } & Devices)
  | ({ readonly kind: 'agreement' } & Agreement)
  | ({ readonly kind: 'sample' } & Sample)
  | { readonly kind: 'end'; readonly error: string | null }
