import { defaultDevice, otherDevices } from './device.ts'
import { currentExecutor } from './executor.ts'

/** The time of one kind of kernel. */
export interface KernelTime {
  /** What it computes, and over what. */
  readonly kernel: string
  readonly calls: number
  /** Null where the device has no clock. */
  readonly milliseconds: number | null
  /** Of all that the calls read and wrote, where the device tells. */
  readonly bytes?: number
}

/** The result of a function and where the time of its reads went, the longest first; where there is no clock, what moves most. */
export interface Profile<T> {
  readonly value: T
  readonly rows: readonly KernelTime[]
}

/**
 * Runs `fn` and measures each kernel that its reads run on the default device. Building graphs and planning are not
 * kernels, so that the rows add up to less than the time of `fn`.
 * @param fn what to measure; may be asynchronous
 */
export async function profile<T>(fn: () => T | Promise<T>): Promise<Profile<T>> {
  const device = defaultDevice()
  const backend = device === 'cpu' ? null : otherDevices()?.backendOf(device)
  if (backend && (await backend.isReady())) return backend.profile(fn)
  const times = new Map<string, { calls: number; milliseconds: number }>()
  const executor = currentExecutor()
  executor.setProfiler?.((kernel, milliseconds) => {
    const time = times.get(kernel) ?? { calls: 0, milliseconds: 0 }
    times.set(kernel, { calls: time.calls + 1, milliseconds: time.milliseconds + milliseconds })
  })
  try {
    const value = await fn()
    const rows = [...times].map(([kernel, time]) => ({ kernel, ...time }))
    return { value, rows: rows.sort((a, b) => b.milliseconds - a.milliseconds) }
  } finally {
    executor.setProfiler?.(null)
  }
}
