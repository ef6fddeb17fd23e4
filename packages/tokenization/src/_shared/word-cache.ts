/**
 * A bounded map from words to results. Two generations approximate least-recently-used: when the young one is full it
 * becomes the old one, and what is asked for again moves back, so a hit costs one lookup and nothing is ever sorted.
 */
export class WordCache<Value> {
  readonly capacity: number
  #young = new Map<string, Value>()
  #old = new Map<string, Value>()

  constructor(capacity: number) {
    this.capacity = capacity
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  get(word: string): Value | undefined {
    const young = this.#young.get(word)
    if (young !== undefined) return young
    const old = this.#old.get(word)
    if (old !== undefined) {
      this.#old.delete(word)
      this.#insert(word, old)
    }
    return old
  }

  set(word: string, value: Value): void {
    if (this.capacity > 0) this.#insert(ownString(word), value)
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }

  #insert(word: string, value: Value): void {
    if (this.#young.size >= Math.max(1, this.capacity >> 1)) {
      this.#old = this.capacity > 1 ? this.#young : new Map()
      this.#young = new Map()
    }
    this.#young.set(word, value)
  }
}

/** A copy that shares no memory: engines let a slice keep its whole text alive, and the cache outlives the text. */
function ownString(word: string): string {
  const units = new Array<number>(word.length)
  for (let i = 0; i < word.length; i++) units[i] = word.charCodeAt(i)
  return String.fromCharCode(...units)
}
