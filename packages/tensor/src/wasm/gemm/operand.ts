import type { Code, Local } from '../code.ts'
import { getPointer, parameters } from './block.ts'
import { layout } from './layout.ts'
import { addOffset, padAddresses, writeOffsets } from './offsets.ts'
import { writePack } from './pack.ts'
import type { Source } from './source.ts'

/** Writes the code that brings parts of one operand into panels in a phase's function. */
export class OperandCode {
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
  constructor(code: Code, name: 'a' | 'b', source: Source, width: number) {
    this.#code = code
    this.#name = name
    this.#source = source
    this.#width = width
    const locals = Array.from({ length: 8 }, () => code.local('i32'))
    ;[this.#base, this.#list, this.lines, this.steps, this.#from, this.#left, this.#to, this.#zero] = locals
    layout.get(code, `${name}Lines`).get(parameters.scratch).op('i32.add').set(this.lines)
    layout.get(code, `${name}Steps`).get(parameters.scratch).op('i32.add').set(this.steps)
  }

  /** Goes to an entry of the batch. */
  enter(entry: Local): void {
    const code = this.#code
    getPointer(code, this.#name)
    layout.get(code, `${this.#name}Offset`).op('i32.add').set(this.#base)
    layout.getList(code, `${this.#name}Batch`).set(this.#list)
    code.get(entry).set(this.#from)
    addOffset(code, this.#list, this.#from, this.#base)
  }

  /** Tabulates the addresses of `count` lines from `first`. */
  takeLines(first: Local, count: Local): void {
    const code = this.#code
    code.get(first).set(this.#from).get(count).set(this.#left).get(this.lines).set(this.#to)
    layout.getList(code, `${this.#name}Line`).set(this.#list)
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
    layout.getList(code, `${this.#name}Depth`).set(this.#list)
    writeOffsets(code, this.#list, this.#from, this.#left, this.#to, this.#zero)
  }

  /** Packs what the tables name into panels from address `to`; see `writePack` for the rest. */
  pack(count: Local, depth: Local, packedDepth: Local, to: Local): void {
    const code = this.#code
    code.get(to).set(this.#to).get(this.lines).set(this.#left)
    const locals = { lines: this.#left, count, steps: this.steps, depth, packedDepth, to: this.#to }
    writePack(code, this.#source, this.#width, locals)
  }
}

/** Sets `packedDepth` to the packed elements that `depth` steps take in panels of the tile. */
export function countPacked(
  code: Code,
  tile: { pair: number; unroll: number },
  depth: Local,
  packedDepth: Local,
): void {
  const whole = tile.pair * tile.unroll
  code
    .get(depth)
    .i32(whole - 1)
    .op('i32.add')
    .i32(whole)
    .op('i32.div_u')
    .i32(tile.unroll)
    .op('i32.mul')
  code.set(packedDepth)
}
