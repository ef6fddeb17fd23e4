/** A list of ids that grows. */
export class IdBuffer {
  #ids = new Int32Array(64)
  #size = 0

  push(id: number): void {
    if (this.#size === this.#ids.length) this.#grow(1)
    this.#ids[this.#size++] = id
  }

  append(ids: Int32Array): void {
    if (this.#size + ids.length > this.#ids.length) this.#grow(ids.length)
    // Words are one or two tokens: a plain loop beats set().
    for (let i = 0; i < ids.length; i++) this.#ids[this.#size++] = ids[i]
  }

  toArray(): Int32Array {
    return this.#ids.slice(0, this.#size)
  }

  #grow(more: number): void {
    const grown = new Int32Array(Math.max(this.#ids.length * 2, this.#size + more))
    grown.set(this.#ids)
    this.#ids = grown
  }
}
