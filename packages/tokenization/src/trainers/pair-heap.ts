/** Two parts in id order and how often they stand side by side. */
export interface Candidate {
  count: number
  left: number
  right: number
  /** The trainer's own number of the pair. */
  pair: number
}

/** A heap whose top is the pair of the highest count; equal counts go by the smaller (left, right). */
export class PairHeap {
  #entries: Candidate[] = []

  push(entry: Candidate): void {
    const entries = this.#entries
    let at = entries.length
    entries.push(entry)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(entry, entries[parent])) break
      entries[at] = entries[parent]
      at = parent
    }
    entries[at] = entry
  }

  pop(): Candidate | undefined {
    const entries = this.#entries
    const top = entries[0]
    const last = entries.pop()
    if (last === undefined || entries.length === 0) return last
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= entries.length) break
      if (child + 1 < entries.length && before(entries[child + 1], entries[child])) child++
      if (!before(entries[child], last)) break
      entries[at] = entries[child]
      at = child
    }
    entries[at] = last
    return top
  }
}

function before(a: Candidate, b: Candidate): boolean {
  if (a.count !== b.count) return a.count > b.count
  return a.left !== b.left ? a.left < b.left : a.right < b.right
}
