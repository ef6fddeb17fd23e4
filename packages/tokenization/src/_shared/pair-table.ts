const EMPTY = -1

/** A map from pairs of ids to a non-negative integer: open addressing with linear probing, never more than half full. */
export class PairTable {
  #lefts: Int32Array
  #rights: Int32Array
  #values: Int32Array
  #mask: number
  #size = 0

  constructor(expected = 0) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, expected * 2 + 1)))
    this.#mask = slots - 1
    this.#lefts = new Int32Array(slots)
    this.#rights = new Int32Array(slots)
    this.#values = new Int32Array(slots).fill(EMPTY)
  }

  get size(): number {
    return this.#size
  }

  /** The value of (left, right), or -1 when the pair is absent. */
  get(left: number, right: number): number {
    return this.#values[this.#slot(left, right)]
  }

  set(left: number, right: number, value: number): void {
    const slot = this.#slot(left, right)
    if (this.#values[slot] === EMPTY) {
      if ((this.#size + 1) * 2 > this.#mask) {
        this.#grow()
        this.set(left, right, value)
        return
      }
      this.#size++
      this.#lefts[slot] = left
      this.#rights[slot] = right
    }
    this.#values[slot] = value
  }

  #slot(left: number, right: number): number {
    const mixed = Math.imul(Math.imul(left, 0x9e3779b1) ^ right, 0x85ebca6b)
    let slot = (mixed ^ (mixed >>> 15)) & this.#mask
    while (this.#values[slot] !== EMPTY && (this.#lefts[slot] !== left || this.#rights[slot] !== right)) {
      slot = (slot + 1) & this.#mask
    }
    return slot
  }

  #grow(): void {
    const [lefts, rights, values] = [this.#lefts, this.#rights, this.#values]
    const slots = values.length * 2
    this.#mask = slots - 1
    this.#lefts = new Int32Array(slots)
    this.#rights = new Int32Array(slots)
    this.#values = new Int32Array(slots).fill(EMPTY)
    this.#size = 0
    for (let slot = 0; slot < values.length; slot++) {
      if (values[slot] !== EMPTY) this.set(lefts[slot], rights[slot], values[slot])
    }
  }
}
