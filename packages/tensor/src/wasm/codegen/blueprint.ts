import type { Code, Local } from '../code.ts'
import { Bounds } from './bounds.ts'
import { describeLayout } from './describe.ts'
import { Frame } from './frame.ts'
import { InnerAxis } from './inner-axis.ts'
import type { Layout } from './layout.ts'
import { Lookups } from './lookups.ts'
import { Tail } from './tail.ts'
import { Words } from './words.ts'

/** What the pieces of a kernel's code share. */
export interface Setting {
  readonly frame: Frame
  readonly layout: Layout
  readonly inner: InnerAxis
  readonly lookups: Lookups
  readonly bounds: Bounds
  readonly tail: Tail
  /** One a cursor, at its first element. */
  readonly pointers: readonly Local[]
}

/** A buffer whose address the code computes itself. */
export interface Placed {
  readonly buffer: number
  readonly at: Local
}

/** What every kernel of a group has: words for offsets, for the innermost axis and for lookups. */
export class Blueprint {
  readonly layout: Layout
  readonly words = new Words()
  readonly inner: InnerAxis
  readonly lookups: Lookups
  readonly #offsets: number

  /** @param axis the one whose elements stand in lanes */
  constructor(layout: Layout, axis: number) {
    this.layout = layout
    this.inner = new InnerAxis(this.words, layout, axis)
    this.lookups = new Lookups(this.words, layout)
    this.#offsets = this.words.add(...layout.cursors.map(cursor => cursor.offset))
  }

  /** What decides the code. */
  get key(): string {
    return `${describeLayout(this.layout)};${this.inner.key}`
  }

  /** Begins a function: returns if it has nothing to do, reads words into locals and places the pointers. */
  open(code: Code, placed?: Placed): Setting {
    const { layout, inner, lookups } = this
    const frame = new Frame(code, layout.group)
    const tail = new Tail(frame)
    inner.prepare(frame)
    lookups.prepare(frame)
    const pointers = layout.cursors.map(({ buffer }, c) => {
      const pointer = code.local('i32')
      frame.word(this.#offsets + c)
      if (buffer !== null && buffer === placed?.buffer) code.get(placed.at).op('i32.add')
      else if (buffer !== null) frame.buffer(buffer).op('i32.add')
      code.set(pointer)
      return pointer
    })
    return { frame, layout, inner, lookups, bounds: new Bounds(layout), tail, pointers }
  }
}
