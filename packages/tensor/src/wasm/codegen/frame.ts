import type { Group } from '../../fusion/group.ts'
import type { Code, Local } from '../code.ts'
import { kernelParameters, scalarsAt, statusBytes, wordsAt } from '../lowered.ts'

/** The parameters of a kernel as locals. */
const [args, begin, end, scratch]: readonly Local[] = kernelParameters.map((_, i) => i)

export { begin, end, scratch }

/** Reads the argument block of a kernel. */
export class Frame {
  readonly code: Code
  readonly #scalars: number
  readonly #words: number
  #ramp: Local | null = null

  constructor(code: Code, { buffers, scalars }: Group) {
    this.code = code
    this.#scalars = scalarsAt(buffers.length)
    this.#words = wordsAt(buffers.length, scalars)
    code
      .get(begin)
      .get(end)
      .op('i32.ge_u')
      .if(() => code.return())
  }

  /** Pushes a word. */
  word(index: number): Code {
    return this.code.get(args).memory('i32.load', this.#words + 4 * index)
  }

  /** A local that holds a word from here on. */
  hold(index: number): Local {
    const local = this.code.local('i32')
    this.word(index).set(local)
    return local
  }

  /** Pushes the address of a buffer. */
  buffer(index: number): Code {
    return this.code.get(args).memory('i32.load', statusBytes + 4 * index)
  }

  /** Bytes from `args` to a scalar. */
  scalar(slot: number): number {
    return this.#scalars + 8 * slot
  }

  /** A local that holds the lanes' numbers 0, 1, 2, 3; the first call must stand outside of loops. */
  get ramp(): Local {
    if (this.#ramp === null) {
      this.#ramp = this.code.local('v128')
      this.code.i32x4(0, 1, 2, 3).set(this.#ramp)
    }
    return this.#ramp
  }

  /** Notes a wrong value unless one has been noted before. */
  report(number: number, value: Local): void {
    const { code } = this
    code
      .get(args)
      .memory('i32.load')
      .op('i32.eqz')
      .if(() => {
        code.get(args).i32(number).memory('i32.store')
        code.get(args).get(value).memory('i32.store', 4)
      })
  }
}
