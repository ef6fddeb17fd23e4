import type { PrimitiveKind } from '../graph/node.ts'
import { host } from './host.ts'
import { scatter } from './indexing.ts'
import type { KernelFunction } from './kernel-function.ts'
import { scan } from './scan.ts'
import { put, take } from './slices.ts'
import { argsort } from './sort.ts'
import { special } from './special.ts'
import { fold } from './views.ts'

/**
 * The plain loops that the engine needs: those of primitives which do not always have a kernel. The others lack one only
 * where they have no elements; `take` checks its index even then.
 */
export const fallbackLoops: Partial<Readonly<Record<PrimitiveKind, KernelFunction>>> = {
  unary: special,
  fold,
  scan,
  scatter,
  take,
  put,
  argsort,
  host,
}
