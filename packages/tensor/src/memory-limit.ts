import { defaultDevice, otherDevices } from './device.ts'
import { SurprisalError } from './error.ts'
import { currentExecutor } from './executor.ts'
import { describe } from './operand.ts'

/**
 * Runs `fn` with a limit on memory in use on the default device: a read whose plan does not fit throws before it runs, naming its largest
 * value. For an asynchronous function the limit holds until its promise settles.
 * @param bytes values, intermediate results and what the engine needs for itself, at once
 * @throws {SurprisalError} `argument` for a limit that is no positive number
 */
export function withMemoryLimit<T>(bytes: number, fn: () => T): T {
  if (!(bytes > 0))
    throw new SurprisalError('argument', `withMemoryLimit: bytes must be a positive number, got ${describe(bytes)}`)
  const device = defaultDevice()
  const executor = device === 'cpu' ? currentExecutor() : otherDevices()?.backendOf(device)
  const before = executor?.setMemoryLimit?.(bytes)
  const restore = () => {
    if (before !== undefined) executor?.setMemoryLimit?.(before)
  }
  let result: T
  try {
    result = fn()
  } catch (error) {
    restore()
    throw error
  }
  if (!(result instanceof Promise)) {
    restore()
    return result
  }
  return result.finally(restore) as T
}
