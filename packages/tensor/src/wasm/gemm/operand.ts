import type { Code, Local } from '../code.ts'
import { parameters } from './block.ts'
import type { ProductBlock } from './layout.ts'
import { advance } from './loops.ts'
import { addOffset, padAddresses, writeOffsets } from './offsets.ts'
import { writePack } from './pack.ts'
import type { Source } from './source.ts'

/** Writes the code that brings parts of one operand into panels in a phase's function. */
export class OperandCode {
  readonly #block: ProductBlock
  readonly #code: Code
  readonly #name: 'a' | 'b'
  readonly #source: Source
  readonly #width: number
  readonly #base: Local
  readonly #list: Local
  /** Addresses of the tables of lines and of steps of depth. */
  readonly lines: Local
  readonly steps: Local
  /** Arguments of the loops that count: what is left, and where the table goes on. */
  readonly #from: Local
  readonly #left: Local
  readonly #to: Local
  readonly #zero: Local

  /** @param width lines of one panel */
  constructor(block: ProductBlock, name: 'a' | 'b', source: Source, width: number) {
    const { code } = block
    this.#block = block
    this.#code = code
    this.#name = name
    this.#source = source
    this.#width = width
    const locals = Array.from({ length: 8 }, () => code.local('i32'))
    ;[this.#base, this.#list, this.lines, this.steps, this.#from, this.#left, this.#to, this.#zero] = locals
    block.get(`${name}Lines`).get(parameters.scratch).op('i32.add').set(this.lines)
    block.get(`${name}Steps`).get(parameters.scratch).op('i32.add').set(this.steps)
  }

  /** Goes to an entry of the batch. */
  enter(entry: Local): void {
    const code = this.#code
    this.#block.pointer(this.#name)
    this.#block.get(`${this.#name}Offset`).op('i32.add').set(this.#base)
    this.#block.list(`${this.#name}Batch`).set(this.#list)
    code.get(entry).set(this.#from)
    addOffset(code, this.#list, this.#from, this.#base)
  }

  /** Sets `to` to the address of one line. */
  find(line: Local, to: Local): void {
    const code = this.#code
    this.#block.list(`${this.#name}Line`).set(this.#list)
    code.get(line).set(this.#from).get(this.#base).set(to)
    addOffset(code, this.#list, this.#from, to)
  }

  /** Sets `to` to the offset of one step of depth. */
  findStep(step: Local, to: Local): void {
    const code = this.#code
    this.#block.list(`${this.#name}Depth`).set(this.#list)
    code.get(step).set(this.#from).i32(0).set(to)
    addOffset(code, this.#list, this.#from, to)
  }

  /** Tabulates the addresses of `count` lines from `first`. */
  takeLines(first: Local, count: Local): void {
    const code = this.#code
    code.get(first).set(this.#from).get(count).set(this.#left).get(this.lines).set(this.#to)
    this.#block.list(`${this.#name}Line`).set(this.#list)
    writeOffsets(code, this.#list, this.#from, this.#left, this.#to, this.#base)
    // The end of the last panel's entries.
    const width = this.#width
    code
      .get(count)
      .i32(width - 1)
      .op('i32.add')
      .i32(width)
      .op('i32.div_u')
      .i32(width * 4)
      .op('i32.mul')
    code.get(this.lines).op('i32.add').set(this.#left)
    padAddresses(code, this.#to, this.#left, this.#source.bytes)
  }

  /** Tabulates the offsets of `count` steps of depth from `first`. */
  takeSteps(first: Local, count: Local): void {
    const code = this.#code
    code.get(first).set(this.#from).get(count).set(this.#left).get(this.steps).set(this.#to)
    this.#block.list(`${this.#name}Depth`).set(this.#list)
    writeOffsets(code, this.#list, this.#from, this.#left, this.#to, this.#zero)
  }

  /**
   * Pops where to copy the tabulated steps of the line that begins at `line`, so that they lie along memory, and points
   * the local there. Elements have 4 bytes.
   */
  copyLine(line: Local, count: Local): void {
    const code = this.#code
    code.tee(this.#to).get(line).set(this.#from).set(line)
    code.get(count).set(this.#left).get(this.steps).set(this.#list)
    code.repeat(this.#left, () => {
      code.get(this.#to).get(this.#list).memory('i32.load').get(this.#from).op('i32.add').memory('i32.load')
      code.memory('i32.store')
      advance(code, this.#to, 4)
      advance(code, this.#list, 4)
    })
  }

  /** Packs what the tables name into panels from address `to`; see `writePack` for the rest. */
  pack(count: Local, depth: Local, packedDepth: Local, to: Local): void {
    const code = this.#code
    code.get(to).set(this.#to).get(this.lines).set(this.#left)
    const locals = { lines: this.#left, count, steps: this.steps, depth, packedDepth, to: this.#to }
    writePack(code, this.#source, this.#width, locals)
  }
}
