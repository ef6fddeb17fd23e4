import type { DType } from '../../dtype.ts'
import type { Code, Local } from '../code.ts'
import { emitCast } from '../lanes/index.ts'
import { vectors } from '../lanes/temporaries.ts'
import type { Accumulator } from './accumulator.ts'
import { BlockSum } from './block-sum.ts'
import type { Place } from './body.ts'
import { shuffleLanes } from './gather.ts'
import type { Tail } from './tail.ts'

/** One reduction of a sweep: the sum of floats by blocks, or an accumulator with a state for some copies. */
export class RowReduction {
  readonly x: number
  readonly sum: BlockSum | null
  readonly #dtype: DType
  readonly #accumulator: Accumulator | null
  readonly #states: readonly (readonly Local[])[]

  /**
   * @param x the value that is reduced
   * @param dtype that of the result
   * @param copies how many vectors a turn of the main loop takes
   */
  constructor(code: Code, x: number, accumulator: Accumulator | null, dtype: DType, copies: number) {
    this.x = x
    this.#dtype = dtype
    this.#accumulator = accumulator
    this.sum = accumulator ? null : new BlockSum(code)
    const states = accumulator?.anyOrder ? copies : 1
    this.#states = Array.from({ length: states }, () =>
      Array.from({ length: accumulator?.parts ?? 0 }, () => code.local('v128')),
    )
  }

  startRow(code: Code): void {
    this.sum?.startRow(code)
    for (const state of this.#states)
      state.forEach((local, part) => {
        this.#accumulator?.start(code, part)
        code.set(local)
      })
  }

  /** Takes the vector of a place; `alone` where sums take turns. */
  take(code: Code, x: Local, place: Place, alone: boolean, tail: Tail, index: Local | null): void {
    if (place === 'tail')
      code.temporary('v128', valid => {
        code.get(x)
        if (this.#accumulator) this.#accumulator.neutral(code)
        else code.get(code.floats(0))
        code.get(tail.mask).op('v128.bitselect').set(valid)
        this.#takeVector(code, valid, 0, alone, index)
      })
    else this.#takeVector(code, x, typeof place === 'string' ? 0 : place.copy, alone, index)
  }

  #takeVector(code: Code, x: Local, copy: number, alone: boolean, index: Local | null): void {
    if (this.#accumulator) this.#accumulator.take(code, this.#states[copy % this.#states.length], x, index)
    else if (alone) this.sum?.takeTurn(code, x)
    else this.sum?.take(code, copy, x)
  }

  /** Writes what has been taken so far, but for sums, which go by blocks. */
  storeParts(code: Code, address: Local, offset: number): void {
    const state = this.#mergeCopies(code)
    state.forEach((part, p) => {
      code
        .get(address)
        .get(part)
        .memory('v128.store', offset + 16 * p)
    })
  }

  /** Takes what another has written. */
  takeParts(code: Code, address: Local, offset: number): void {
    const accumulator = this.#accumulator
    if (!accumulator) return
    vectors(code, accumulator.parts, other => {
      other.forEach((part, p) => {
        code
          .get(address)
          .memory('v128.load', offset + 16 * p)
          .set(part)
      })
      accumulator.merge(code, this.#states[0], other)
    })
  }

  #mergeCopies(code: Code): readonly Local[] {
    const [state, ...others] = this.#states
    for (const other of others) this.#accumulator?.merge(code, state, other)
    return state
  }

  /** The result in all lanes of `out`. */
  endRow(code: Code, out: Local): void {
    const accumulator = this.#accumulator
    if (!accumulator) {
      this.sum?.endRow(code, this.#dtype, out)
      return
    }
    const state = this.#mergeCopies(code)
    accumulator.fold(code, state)
    accumulator.finish(code, state, this.#dtype, out)
    shuffleLanes(code, out, [0, 0, 0, 0]).set(out)
    if (this.#dtype === 'uint8' || this.#dtype === 'int8') emitCast(code, 'int32', this.#dtype, out, out)
  }
}
