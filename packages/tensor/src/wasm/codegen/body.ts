import type { DType } from '../../dtype.ts'
import type { Code, Local } from '../code.ts'
import { loadLanes, loadOne, storeLanes, storeOne } from '../lanes/index.ts'
import type { Setting } from './blueprint.ts'
import { emitCompute } from './compute.ts'
import { gatherLanes, shuffleLanes } from './gather.ts'
import { emitLookup } from './lookup.ts'
import { emitIota, emitThreefry } from './sources.ts'

/** Which elements a piece of code is for: the four of a copy within the loop, those of the tail, or one for all lanes. */
export type Place = { readonly copy: number } | 'tail' | 'one'

export const firstCopy: Place = { copy: 0 }

/** Writes the values of a group for one stretch of elements; pointers stand at the stretch's first element. */
export class Body {
  readonly setting: Setting
  readonly pointers: readonly Local[]
  readonly #values: (Local | undefined)[]

  /** @param known values that have been computed outside */
  constructor(setting: Setting, pointers: readonly Local[], known: readonly (Local | undefined)[] = []) {
    this.setting = setting
    this.pointers = pointers
    this.#values = [...known]
  }

  get code(): Code {
    return this.setting.frame.code
  }

  get values(): readonly (Local | undefined)[] {
    return this.#values
  }

  /** The local of a value; the same in every copy. */
  value(i: number): Local {
    const at = this.setting.layout.same[i]
    const known = this.#values[at]
    if (known !== undefined) return known
    const local = this.code.local('v128')
    this.#values[at] = local
    return local
  }

  /** Computes values in order; those of `one` bound others from here on. */
  emit(instructions: readonly number[], place: Place): void {
    for (const i of instructions) {
      if (this.setting.layout.same[i] !== i) continue
      this.#emitOne(i, place)
      if (place === 'one') this.setting.bounds.prepare(this.code, i, this.value(i))
    }
  }

  #emitOne(i: number, place: Place): void {
    const { frame, layout, bounds } = this.setting
    const instruction = layout.group.instructions[i]
    const cursor = layout.cursorOf[i]
    const out = this.value(i)
    switch (instruction.kind) {
      case 'load':
        this.#load(instruction.dtype, cursor, place, out)
        return
      case 'lookup':
        emitLookup(this, i, place, out)
        return
      case 'iota':
        this.positions(cursor, place, out)
        if (!instruction.plain) emitIota(frame, instruction.dtype, instruction.start, instruction.step, out, out)
        return
      case 'random':
        this.positions(cursor, place, out)
        emitThreefry(frame, instruction.key, out, out)
        return
      default:
        if (!bounds.emit(frame.code, instruction, x => this.value(x), out))
          emitCompute(frame, layout.group, instruction, x => this.value(x), out)
    }
  }

  #load(dtype: DType, cursor: number, place: Place, out: Local): void {
    const { code } = this
    const pointer = this.pointers[cursor]
    const pattern = this.setting.inner.pattern(cursor)
    if (place === 'one' || pattern === 'fixed') loadOne(code, dtype, pointer, 0, out)
    else if (pattern === 'contiguous') loadLanes(code, dtype, pointer, this.#offset(cursor, place), out)
    else if (place === 'tail') gatherLanes(code, dtype, lane => this.#tailAddress(cursor, lane), out)
    else
      code.temporary('i32', address => {
        code.get(pointer).set(address)
        gatherLanes(
          code,
          dtype,
          lane => {
            code.get(address)
            if (lane > 0) code.get(this.setting.inner.stride(cursor)).op('i32.add').tee(address)
          },
          out,
        )
      })
  }

  /** Lanes beyond the tail repeat its last element, as nothing else is known to be readable. */
  #tailAddress(cursor: number, lane: number): void {
    const { code } = this
    const { tail } = this.setting
    code.get(this.pointers[cursor])
    if (lane === 0) return
    code.get(tail.count).i32(1)
    code.op(lane === 1 ? 'i32.shr_u' : 'i32.sub')
    code.get(this.setting.inner.stride(cursor)).op('i32.mul').op('i32.add')
  }

  #offset(cursor: number, place: Place): number {
    return typeof place === 'string' || this.setting.inner.pattern(cursor) !== 'contiguous'
      ? 0
      : 4 * place.copy * this.setting.layout.cursors[cursor].unit
  }

  /** Addresses, or positions where there is no buffer, of all lanes. */
  positions(cursor: number, place: Place, out: Local): void {
    const { code } = this
    const offset = this.#offset(cursor, place)
    code.get(this.pointers[cursor])
    if (offset !== 0) code.i32(offset).op('i32.add')
    code.op('i32x4.splat')
    const ramp = place === 'one' ? null : this.setting.inner.ramp(cursor)
    if (ramp !== null) code.get(ramp).op('i32x4.add')
    code.set(out)
  }

  /** Writes the elements of a store and no byte beside them. */
  store(s: number, place: Place): void {
    const { code } = this
    const { layout, tail } = this.setting
    const { value } = layout.group.stores[s]
    const cursor = layout.storeCursors[s]
    const [pointer, x] = [this.pointers[cursor], this.value(value)]
    const { dtype, unit } = layout.cursors[cursor]
    if (place === 'one') storeOne(code, dtype, pointer, 0, x)
    else if (place !== 'tail') storeLanes(code, dtype, pointer, this.#offset(cursor, place), x)
    else {
      storeOne(code, dtype, pointer, 0, x)
      for (const lane of [1, 2]) {
        code.get(tail.count).i32(lane).op('i32.gt_u')
        code.if(() =>
          code.temporary('v128', shifted => {
            shuffleLanes(code, x, [lane, lane, lane, lane]).set(shifted)
            storeOne(code, dtype, pointer, lane * unit, shifted)
          }),
        )
      }
    }
  }

  /** Behind a copy: moves the cursors whose copies have no offsets. */
  stepCopy(cursors: readonly number[]): void {
    const { code } = this
    for (const c of cursors)
      if (this.setting.inner.pattern(c) === 'strided')
        code
          .get(this.pointers[c])
          .get(this.setting.inner.stride(c))
          .i32(2)
          .op('i32.shl')
          .op('i32.add')
          .set(this.pointers[c])
  }

  /** Behind all copies of a loop: moves the other cursors. */
  stepLoop(cursors: readonly number[], copies: number): void {
    const { code } = this
    for (const c of cursors)
      if (this.setting.inner.pattern(c) === 'contiguous')
        code
          .get(this.pointers[c])
          .i32(4 * copies * this.setting.layout.cursors[c].unit)
          .op('i32.add')
          .set(this.pointers[c])
  }

  /** Behind the tail: moves all cursors to its end. */
  stepTail(cursors: readonly number[]): void {
    this.stepBy(cursors, this.setting.tail.count)
  }

  /** Moves cursors by as many elements as a local says. */
  stepBy(cursors: readonly number[], count: Local): void {
    const { code } = this
    for (const c of cursors) {
      const pattern = this.setting.inner.pattern(c)
      if (pattern === 'fixed') continue
      code.get(this.pointers[c]).get(count)
      if (pattern === 'strided') code.get(this.setting.inner.stride(c))
      else code.i32(this.setting.layout.cursors[c].unit)
      code.op('i32.mul').op('i32.add').set(this.pointers[c])
    }
  }

  /** The cursors that values and stores move along the inner axis. */
  cursorsOf(instructions: readonly number[], stores: readonly number[]): number[] {
    const { cursorOf, storeCursors } = this.setting.layout
    const used = [...instructions.map(i => cursorOf[i]), ...stores.map(s => storeCursors[s])]
    return [...new Set(used)].filter(c => c >= 0 && this.setting.inner.pattern(c) !== 'fixed')
  }
}
