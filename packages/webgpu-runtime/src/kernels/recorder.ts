import type { SurprisalError } from '@surprisal/tensor'
import type { BufferPool } from '../buffers/pool.ts'
import type { DeviceWatch } from '../device/watch.ts'
import { errorFrom } from '../device/watch.ts'
import { buffersOf, type Command } from './commands.ts'
import type { CommandEncoder } from './encoder.ts'

/** A submission happens when this much has been recorded, so that the device starts early. */
const mostDispatches = 256
const mostWritten = 64 * 2 ** 20

/** Commands in their order, on their way to the device. */
export class Recorder {
  readonly #device: GPUDevice
  readonly #encoder: CommandEncoder
  readonly #pool: BufferPool
  readonly #watch: DeviceWatch
  readonly #debug: boolean
  #commands: Command[] = []
  /** On their way to a submission that waits. */
  readonly #queued = new Set<readonly Command[]>()
  #dispatches = 0
  #written = 0
  #waiting = 0
  #tail: Promise<void> = Promise.resolve()

  constructor(device: GPUDevice, encoder: CommandEncoder, pool: BufferPool, watch: DeviceWatch, debug: boolean) {
    this.#device = device
    this.#encoder = encoder
    this.#pool = pool
    this.#watch = watch
    this.#debug = debug
    pool.isAwaited = gpu =>
      [this.#commands, ...this.#queued].some(commands =>
        commands.some(command => buffersOf(command).some(buffer => buffer.gpu === gpu)),
      )
  }

  /** Whether everything recorded has been submitted. */
  get isIdle(): boolean {
    return this.#commands.length === 0 && this.#waiting === 0
  }

  record(command: Command): void {
    this.#commands.push(command)
    if (command.kind !== 'dispatch') return
    this.#dispatches += 1
    const { bindings } = command.kernel.spec
    const storage = bindings.filter(kind => kind !== 'uniform')
    command.buffers.forEach((buffer, i) => {
      if (storage[i] === 'read_write') this.#written += buffer.size
    })
    if (this.#dispatches >= mostDispatches || this.#written >= mostWritten) this.flush()
  }

  /** Submits what is recorded: at once, or when its pipelines have been compiled and its buffers made. */
  flush(): void {
    const commands = this.#commands
    if (commands.length === 0) return
    this.#commands = []
    this.#dispatches = 0
    this.#written = 0
    if (this.#waiting === 0 && !this.#debug && this.#isReady(commands)) {
      this.#encoder.submit(commands)
      return
    }
    this.#waiting += 1
    this.#queued.add(commands)
    this.#tail = this.#tail.then(async () => {
      try {
        const ready = await this.#watch.orLost(this.#prepare(commands))
        if (this.#debug) await this.#watch.orLost(this.#submitWatched(ready))
        else this.#encoder.submit(ready)
      } catch (error) {
        this.#watch.report(error as SurprisalError)
      } finally {
        this.#waiting -= 1
        this.#queued.delete(commands)
      }
    })
  }

  /** Resolves when everything recorded so far has been submitted; the watch knows what went wrong. */
  async submitted(): Promise<void> {
    this.flush()
    await this.#tail
    try {
      await this.#watch.orLost(this.#pool.settle())
    } catch (error) {
      this.#watch.report(error as SurprisalError)
    }
  }

  #isReady(commands: readonly Command[]): boolean {
    return (
      this.#pool.isSettled &&
      commands.every(command => command.kind !== 'dispatch' || command.kernel.pipeline.compiled !== null)
    )
  }

  /** The commands but for runs of kernels that do not compile, which are reported. */
  async #prepare(commands: readonly Command[]): Promise<readonly Command[]> {
    const pipelines = new Set(commands.flatMap(c => (c.kind === 'dispatch' ? [c.kernel.pipeline.ready] : [])))
    for (const outcome of await Promise.allSettled(pipelines))
      if (outcome.status === 'rejected') this.#watch.report(outcome.reason)
    await this.#pool.settle()
    return commands.filter(c => c.kind !== 'dispatch' || c.kernel.pipeline.compiled !== null)
  }

  /** Each command in a submission of its own, so that an error has a name. */
  async #submitWatched(commands: readonly Command[]): Promise<void> {
    for (const command of commands) {
      this.#device.pushErrorScope('validation')
      this.#encoder.submit([command])
      const error = await this.#device.popErrorScope()
      if (error) throw errorFrom(error, command.kind === 'dispatch' ? command.kernel.spec.name : command.kind)
    }
  }
}
