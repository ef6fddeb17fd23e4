import { helperAt, helperWord, word } from './control.ts'

/** The helpers that are alive, by number. */
type Helpers = ReadonlyMap<number, unknown>

/** Bytes before each module: its length. */
const headerBytes = 8

/**
 * Hands modules to the helpers through shared memory, as bytes: a helper that waits on shared memory receives no
 * messages. When all have copied what is there, the log starts again from the front.
 */
export class ModuleLog {
  readonly buffer: SharedArrayBuffer
  readonly #control: Int32Array
  readonly #bytes: Uint8Array
  readonly #header: DataView
  readonly #waiting: Uint8Array[] = []
  #end = 0

  /** @param capacity bytes; the pages that are never written are never backed by memory */
  constructor(control: Int32Array, capacity: number) {
    this.buffer = new SharedArrayBuffer(capacity)
    this.#control = control
    this.#bytes = new Uint8Array(this.buffer)
    this.#header = new DataView(this.buffer)
  }

  /** Adds a module, at once or when there is room. One that is larger than the log never gets to the helpers. */
  add(bytes: Uint8Array): void {
    if (headerBytes + bytes.length <= this.buffer.byteLength) this.#waiting.push(bytes)
  }

  /** Writes what waits, as far as there is room; true where there was any. */
  flush(helpers: Helpers): boolean {
    let written = 0
    while (this.#waiting.length > 0 && this.#write(this.#waiting[0], helpers)) {
      this.#waiting.shift()
      written += 1
    }
    return written > 0
  }

  #write(bytes: Uint8Array, helpers: Helpers): boolean {
    const loaded = this.#control[word.loaded]
    const size = headerBytes + Math.ceil(bytes.length / 8) * 8
    if (this.#end + size > this.buffer.byteLength) {
      for (const helper of helpers.keys())
        if (Atomics.load(this.#control, helperAt(helper) + helperWord.seen) !== loaded) return false
      Atomics.store(this.#control, word.base, loaded)
      this.#end = 0
    }
    this.#header.setUint32(this.#end, bytes.length, true)
    this.#bytes.set(bytes, this.#end + headerBytes)
    this.#end += size
    Atomics.store(this.#control, word.loaded, loaded + 1)
    return true
  }
}
