import { SurprisalError } from '@surprisal/tensor'

/** What has gone wrong on a device. */
export class DeviceWatch {
  /** Rejects when the device is lost. */
  readonly lost: Promise<never>
  #reason: string | null = null
  #error: SurprisalError | null = null

  constructor(device: GPUDevice) {
    this.lost = device.lost.then(({ reason, message }) => {
      this.#reason ??= message ? `${reason}: ${message}` : String(reason)
      throw this.#lostError()
    })
    // Whoever waits for the device races against it; without a reader it must not count as unhandled.
    this.lost.catch(() => {})
    device.addEventListener('uncapturederror', event => {
      const { error } = event as GPUUncapturedErrorEvent
      this.#error ??= errorFrom(error, kernelIn(error.message) ?? 'webgpu')
      event.preventDefault()
    })
  }

  /** Says at once that the device is gone, before the browser does. */
  end(reason: string): void {
    this.#reason ??= reason
  }

  /** Whether the device is gone. */
  get isLost(): boolean {
    return this.#reason !== null
  }

  /** Keeps an error for whoever asks next. */
  report(error: SurprisalError): void {
    this.#error ??= error
  }

  /**
   * Throws when the device is lost, and what was reported, once.
   * @throws {SurprisalError} `device` or `memory`
   */
  check(): void {
    if (this.#reason !== null) throw this.#lostError()
    const error = this.#error
    this.#error = null
    if (error) throw error
  }

  /** Waits for `promise` or for the loss of the device. */
  async orLost<T>(promise: Promise<T>): Promise<T> {
    try {
      return await Promise.race([promise, this.lost])
    } catch (error) {
      // What the loss ends may fail before the loss itself is told.
      if (this.#reason === null) await new Promise(resolve => setTimeout(resolve))
      if (this.#reason !== null) throw this.#lostError()
      throw error
    }
  }

  #lostError(): SurprisalError {
    return new SurprisalError('device', `webgpu: device lost (${this.#reason})`)
  }
}

/** The kernel that a message of the browser is about. */
const kernelIn = (message: string): string | undefined => /\[ComputePipeline "([^"]+)"\]/.exec(message)?.[1]

/** An error of the browser, under the name of the kernel or the task that it came of. */
export function errorFrom(error: GPUError | Error, label: string): SurprisalError {
  const isMemory = error.constructor.name === 'GPUOutOfMemoryError'
  return new SurprisalError(isMemory ? 'memory' : 'device', `${label}: ${error.message.trim()}`)
}
