import type { Code } from '../code.ts'
import { statusBytes, wordsAt } from '../lowered.ts'

/** Parameters of a kernel's function, as locals. */
export const parameters = { args: 0, begin: 1, end: 2, scratch: 3 } as const

/** Buffers of a product, in the order of their pointers. */
export const pointers = { a: 0, b: 1, out: 2, workspace: 3 } as const

const wordsBegin = wordsAt(3, 0)

/** Puts the pointer to a buffer or to the workspace on the stack. */
export const getPointer = (code: Code, name: keyof typeof pointers): Code =>
  code.get(parameters.args).memory('i32.load', statusBytes + pointers[name] * 4)

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

  /** Puts a number on the stack. */
  get(code: Code, name: Name): Code {
    return code.get(parameters.args).memory('i32.load', wordsBegin + this.names.indexOf(name) * 4)
  }

  /** Puts the address of a list on the stack. */
  getList(code: Code, list: List): Code {
    const at = wordsBegin + (this.names.length + this.lists.indexOf(list)) * 4
    return code
      .get(parameters.args)
      .memory('i32.load', at)
      .get(parameters.args)
      .op('i32.add')
      .i32(wordsBegin)
      .op('i32.add')
  }
}
