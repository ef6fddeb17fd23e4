/** Parameters of a kernel's function, as locals. */
export const parameters = { args: 0, begin: 1, end: 2, scratch: 3 } as const

/**
 * The words of a phase by name: numbers first, in the order of `names`, then lists, in the order of `lists`, each
 * found through a number that tells how many bytes behind the start of the words it begins.
 */
export class WordLayout<Name extends string, List extends string> {
  readonly names: readonly Name[]
  readonly lists: readonly List[]

  constructor(names: readonly Name[], lists: readonly List[]) {
    this.names = names
    this.lists = lists
  }

  fill(numbers: Record<Name, number>, lists: Record<List, readonly number[]>): Int32Array {
    const head = this.names.map(name => numbers[name])
    const tail: number[] = []
    for (const list of this.lists) {
      head.push((this.names.length + this.lists.length + tail.length) * 4)
      tail.push(...lists[list])
    }
    return Int32Array.from([...head, ...tail])
  }

  /** Bytes from the start of the words to a number, or to the number that tells where a list begins. */
  place(name: Name | List): number {
    const at = this.names.indexOf(name as Name)
    return 4 * (at >= 0 ? at : this.names.length + this.lists.indexOf(name as List))
  }
}
