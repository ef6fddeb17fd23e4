/** A binary min-heap of numbers; the caller packs what it needs into the key. */
export class NumberHeap {
  #keys: Float64Array
  #size = 0

  constructor(capacity: number) {
    this.#keys = new Float64Array(Math.max(1, capacity))
  }

  get size(): number {
    return this.#size
  }

  push(key: number): void {
    if (this.#size === this.#keys.length) {
      const grown = new Float64Array(this.#size * 2)
      grown.set(this.#keys)
      this.#keys = grown
    }
    const keys = this.#keys
    let at = this.#size++
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (keys[parent] <= key) break
      keys[at] = keys[parent]
      at = parent
    }
    keys[at] = key
  }

  /** Removes the smallest key and returns it; NaN when the heap is empty. */
  pop(): number {
    if (this.#size === 0) return Number.NaN
    const keys = this.#keys
    const top = keys[0]
    const size = --this.#size
    const last = keys[size]
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= size) break
      if (child + 1 < size && keys[child + 1] < keys[child]) child++
      if (keys[child] >= last) break
      keys[at] = keys[child]
      at = child
    }
    keys[at] = last
    return top
  }
}
