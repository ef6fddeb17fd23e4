import { bytesPerElement, type DType } from '../../dtype.ts'
import type { AffineMap } from '../../graph/affine.ts'
import type { Code, Local } from '../code.ts'
import { statusBytes, wordsAt } from '../lowered.ts'

/** The block that a kernel was called with, seen from its code; see `Phase`. */
export class Frame {
  readonly code: Code
  readonly #words: number

  /** @param buffers how many the kernel has, its result's included */
  constructor(code: Code, buffers: number) {
    this.code = code
    this.#words = wordsAt(buffers, 0)
  }

  /** The parameters. */
  readonly args: Local = 0
  readonly begin: Local = 1
  readonly end: Local = 2
  readonly scratch: Local = 3

  /** Pushes the address of a buffer; the workspace comes behind the last one. */
  pointer(buffer: number): Code {
    return this.code.get(this.args).memory('i32.load', statusBytes + 4 * buffer)
  }

  /** Pushes a word. */
  word(word: number): Code {
    return this.code.get(this.args).memory('i32.load', this.#words + 4 * word)
  }

  /** Puts a word into a local of its own. */
  wordLocal(word: number): Local {
    const local = this.code.local('i32')
    this.word(word).set(local)
    return local
  }

  /** Says that the value in a local was wrong. */
  report(value: Local): void {
    this.code.get(this.args).i32(1).memory('i32.store')
    this.code.get(this.args).get(value).memory('i32.store', 4)
  }

  /** Reports an index that is not below `size` and leaves the block, or else goes on. */
  checkIndex(index: Local, size: Local, wrong: () => void): void {
    this.code.get(index).get(size).op('i32.ge_u')
    this.code.if(() => {
      this.report(index)
      wrong()
    })
  }
}

/** An operand of a kernel: what stands in a buffer, and how it is read. */
export interface DataOperand {
  readonly dtype: DType
  /** Strides and offset in elements. */
  readonly map: AffineMap
}

export const widthOf = (dtype: DType): number => bytesPerElement[dtype]

/** Pops an address and pushes the element there: f32 of float32, i32 of others, the bare bits of float16. */
export function loadElement(code: Code, dtype: DType, offset = 0): Code {
  switch (dtype) {
    case 'float32':
      return code.memory('f32.load', offset)
    case 'int32':
      return code.memory('i32.load', offset)
    case 'float16':
      return code.memory('i32.load16_u', offset)
    case 'int8':
      return code.memory('i32.load8_s', offset)
    default:
      return code.memory('i32.load8_u', offset)
  }
}

/** Pops an element and an address and stores it; integers wrap. */
export function storeElement(code: Code, dtype: DType): Code {
  switch (dtype) {
    case 'float32':
      return code.memory('f32.store')
    case 'int32':
      return code.memory('i32.store')
    case 'float16':
      return code.memory('i32.store16')
    default:
      return code.memory('i32.store8')
  }
}

/** The type whose loads and stores move elements of a dtype without looking at them. */
export const bitsOf = (dtype: DType): DType => (dtype === 'float32' ? 'int32' : dtype === 'bool' ? 'uint8' : dtype)
