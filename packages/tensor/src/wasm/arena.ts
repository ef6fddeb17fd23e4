import { type DType, type HostArray, roundToHalf } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { floatFromHalf, halfFromFloat } from './half.ts'

const pageBytes = 65536
const mostPages = 65536
/** Memory grows by at least this much at a time. */
const growthPages = 256
const smallest = 64
/** Readable bytes behind every block: vector loads may reach beyond its end. */
const padding = 64

/** Bytes of memory: in use, free for reuse, and taken from the system in all. */
export interface ArenaBytes {
  readonly used: number
  readonly pooled: number
  readonly total: number
}

/** A piece of the arena; `address` is a multiple of 64. */
export interface Span {
  readonly address: number
  readonly capacity: number
  /** Nothing was free, so that it enlarged what is in use. */
  readonly fresh: boolean
}

/** Powers of two up to 64 KiB, then eight steps between them, so that sizes which vary a little meet. */
function capacityFor(bytes: number): number {
  if (bytes <= smallest) return smallest
  const power = 2 ** Math.ceil(Math.log2(bytes))
  if (power <= 65536) return power
  const step = power / 16
  return Math.ceil(bytes / step) * step
}

const megabytes = (bytes: number): string =>
  bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} KiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`

/**
 * The linear memory that kernels work in: shared between threads where the runtime allows it. Blocks come from lists
 * of equal capacities; nothing is given back to the system, as the first touch of fresh memory costs far more than the
 * arithmetic on it. Views are made anew when the memory has grown: keep none across an allocation.
 */
export class Arena {
  readonly memory: WebAssembly.Memory
  readonly shared: boolean
  #free = new Map<number, number[]>()
  #end = padding
  #used = 0
  #pooled = 0
  /** The most bytes that plans may have in use; a plan is checked before it runs. */
  limit = mostPages * pageBytes
  #buffer: ArrayBufferLike
  #bytes!: Uint8Array
  #words!: Int32Array
  #doubles!: Float64Array

  constructor() {
    const limits = { initial: growthPages, maximum: mostPages }
    this.shared = typeof SharedArrayBuffer !== 'undefined'
    this.memory = new WebAssembly.Memory({ ...limits, shared: this.shared })
    this.#buffer = this.memory.buffer
    this.#refresh()
  }

  /** All of it as bytes, as 32-bit words and as float64. */
  get bytes(): Uint8Array {
    return this.#bytes
  }

  get words(): Int32Array {
    return this.#words
  }

  get doubles(): Float64Array {
    return this.#doubles
  }

  get usage(): ArenaBytes {
    return { used: this.#used, pooled: this.#pooled, total: this.#buffer.byteLength }
  }

  /**
   * A block with stale contents.
   * @throws {SurprisalError} `memory` when it does not fit
   */
  allocate(bytes: number, op: string): Span {
    const capacity = capacityFor(bytes + padding)
    const known = this.#free.get(capacity)?.pop()
    if (known !== undefined) {
      this.#pooled -= capacity
      this.#used += capacity
      return { address: known, capacity, fresh: false }
    }
    const end = this.#end + capacity
    if (end + padding > mostPages * pageBytes) throw this.#tooLarge(bytes, op)
    if (end + padding > this.#buffer.byteLength) this.#grow(end + padding - this.#buffer.byteLength, bytes, op)
    const address = this.#end
    this.#end = end
    this.#used += capacity
    return { address, capacity, fresh: true }
  }

  /** Takes a block back; its contents may change at once. */
  free({ address, capacity }: Span): void {
    const list = this.#free.get(capacity)
    if (list) list.push(address)
    else this.#free.set(capacity, [address])
    this.#pooled += capacity
    this.#used -= capacity
  }

  /** Elements in place as host types; float16 elements are their 16-bit patterns. */
  view(address: number, dtype: DType, size: number): HostArray | Uint16Array {
    switch (dtype) {
      case 'float32':
        return new Float32Array(this.#buffer, address, size)
      case 'int32':
        return new Int32Array(this.#buffer, address, size)
      case 'float16':
        return new Uint16Array(this.#buffer, address, size)
      case 'int8':
        return new Int8Array(this.#buffer, address, size)
      default:
        return new Uint8Array(this.#buffer, address, size)
    }
  }

  /** Elements as the host holds them: a view, or for float16 a copy. */
  read(address: number, dtype: DType, size: number): HostArray {
    const view = this.view(address, dtype, size)
    return view instanceof Uint16Array ? Float32Array.from(view, floatFromHalf) : view
  }

  /** Stores what the host holds, rounding to float16 where that is the type. */
  write(address: number, dtype: DType, values: ArrayLike<number>): void {
    const view = this.view(address, dtype, values.length)
    if (view instanceof Uint16Array)
      for (let i = 0; i < view.length; i++) view[i] = halfFromFloat(roundToHalf(values[i]))
    else view.set(values)
  }

  #grow(missing: number, bytes: number, op: string): void {
    const wanted = Math.ceil(missing / pageBytes)
    const room = mostPages - this.#buffer.byteLength / pageBytes
    try {
      this.memory.grow(Math.min(Math.max(wanted, growthPages), room))
    } catch (cause) {
      throw this.#tooLarge(bytes, op, cause)
    }
    this.#buffer = this.memory.buffer
    this.#refresh()
  }

  #refresh(): void {
    this.#bytes = new Uint8Array(this.#buffer)
    this.#words = new Int32Array(this.#buffer)
    this.#doubles = new Float64Array(this.#buffer)
  }

  #tooLarge(bytes: number, op: string, cause?: unknown): SurprisalError {
    const most = mostPages * pageBytes
    return new SurprisalError(
      'memory',
      `${op}: ${megabytes(bytes)} do not fit, ${megabytes(most - this.#end)} of ${megabytes(most)} are available`,
      { cause },
    )
  }
}
