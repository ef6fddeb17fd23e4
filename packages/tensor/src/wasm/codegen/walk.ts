import type { Code, Local } from '../code.ts'
import type { Frame } from './frame.ts'
import type { Axis } from './joined-space.ts'
import type { Cursor } from './layout.ts'
import type { Words } from './words.ts'

/** What a cursor does in a walk: words of its strides, of its step and of its carries, where they are not all 0. */
interface Motion {
  readonly cursor: number
  readonly strides: number | null
  readonly step: number | null
  readonly carries: number | null
}

/**
 * Moves pointers through some axes of the space in row-major order. A step along the last axis adds a number to each
 * pointer; a carry into an axis before adds another one, which takes the steps back.
 */
export class Walk {
  readonly #rank: number
  readonly #sizes: number
  readonly #motions: readonly Motion[]
  #sizeLocals: Local[] = []
  #coordinates: Local[] = []
  #held: { motion: Motion; step: Local | null; carries: Local[] }[] = []

  /**
   * @param axes numbers of the axes to walk
   * @param inner the axis that pointers have gone through to its end whenever a step is taken, if there is one
   */
  constructor(
    words: Words,
    space: readonly Axis[],
    cursors: readonly Cursor[],
    axes: readonly number[],
    inner?: number,
  ) {
    this.#rank = axes.length
    this.#sizes = words.add(...axes.map(a => space[a].size))
    const spent = (cursor: Cursor, a: number | undefined) => (a === undefined ? 0 : cursor.strides[a] * space[a].size)
    const addUnlessZero = (values: readonly number[]) => (values.some(v => v !== 0) ? words.add(...values) : null)
    this.#motions = cursors.map((cursor, c) => {
      const strides = axes.map(a => cursor.strides[a])
      const step = axes.slice(-1).map(a => cursor.strides[a] - spent(cursor, inner))
      const carries = axes.slice(0, -1).map((a, i) => cursor.strides[a] - spent(cursor, axes[i + 1]))
      return {
        cursor: c,
        strides: addUnlessZero(strides),
        step: addUnlessZero(step),
        carries: addUnlessZero(carries),
      }
    })
  }

  /** What decides the code. */
  get key(): string {
    const letters = this.#motions.map(
      ({ strides, step, carries }) => `${Number(strides !== null)}${Number(step !== null)}${Number(carries !== null)}`,
    )
    return `${this.#rank}:${letters.join()}`
  }

  /** Reads what steps need into locals. */
  prepare(frame: Frame): void {
    const { code } = frame
    this.#coordinates = Array.from({ length: this.#rank }, () => code.local('i32'))
    this.#sizeLocals = this.#coordinates.map((_, d) => frame.hold(this.#sizes + d))
    this.#held = this.#motions.map(motion => {
      const { step, carries } = motion
      return {
        motion,
        step: step === null ? null : frame.hold(step),
        carries: carries === null ? [] : this.#coordinates.slice(1).map((_, d) => frame.hold(carries + d)),
      }
    })
  }

  /** Moves pointers from the first position to that of row-major number `position`, which is lost. */
  start(frame: Frame, pointers: readonly Local[], position: Local): void {
    const { code } = frame
    for (let d = this.#rank - 1; d >= 0; d--) {
      const [coordinate, size] = [this.#coordinates[d], this.#sizeLocals[d]]
      if (d === 0) code.get(position).set(coordinate)
      else {
        code.get(position).get(size).op('i32.rem_u').set(coordinate)
        code.get(position).get(size).op('i32.div_u').set(position)
      }
      for (const { cursor, strides } of this.#motions) {
        if (strides === null) continue
        const pointer = pointers[cursor]
        code.get(pointer).get(coordinate)
        frame
          .word(strides + d)
          .op('i32.mul')
          .op('i32.add')
          .set(pointer)
      }
    }
  }

  /** Sets the coordinates to the first position, where the pointers must stand. */
  reset(code: Code): void {
    for (const coordinate of this.#coordinates) code.i32(0).set(coordinate)
  }

  /** Moves the pointers to the next position. */
  advance(code: Code, pointers: readonly Local[]): void {
    const add = (pointer: Local, amount: Local) => code.get(pointer).get(amount).op('i32.add').set(pointer)
    for (const { motion, step } of this.#held) if (step !== null) add(pointers[motion.cursor], step)
    const carrying = this.#held.filter(({ carries }) => carries.length > 0)
    const count = (d: number): void => {
      if (d < 1 || carrying.length === 0) return
      const coordinate = this.#coordinates[d]
      code.get(coordinate).i32(1).op('i32.add').tee(coordinate).get(this.#sizeLocals[d]).op('i32.eq')
      code.if(() => {
        code.i32(0).set(coordinate)
        for (const { motion, carries } of carrying) add(pointers[motion.cursor], carries[d - 1])
        count(d - 1)
      })
    }
    count(this.#rank - 1)
  }
}
