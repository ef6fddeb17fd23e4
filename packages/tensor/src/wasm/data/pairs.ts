import type { DType } from '../../dtype.ts'
import type { Local } from '../code.ts'
import { whileAtLeast } from './copy.ts'
import { type Frame, loadElement, widthOf } from './frame.ts'

const buckets = 256
/** Bytes of the counts of four digits, which scratch memory begins with. */
export const countBytes = 4 * 4 * buckets

/**
 * Writes a stable sort of pairs of an unsigned key and a position, by one digit of 8 bits after the other; a digit that
 * all keys share costs one look. Scratch memory: counts, then two lists of pairs.
 */
export class Pairs {
  /** How many there are. */
  readonly count: Local
  /** Address of the list that holds them. */
  readonly list: Local
  readonly at: Local
  readonly key: Local
  readonly #frame: Frame
  readonly #dtype: DType
  readonly #descending: boolean
  readonly #spare: Local
  readonly #left: Local
  readonly #place: Local

  constructor(frame: Frame, dtype: DType, descending: boolean, count: Local) {
    const local = () => frame.code.local('i32')
    this.#frame = frame
    this.#dtype = dtype
    this.#descending = descending
    this.count = count
    ;[this.list, this.at, this.key] = [local(), local(), local()]
    ;[this.#spare, this.#left, this.#place] = [local(), local(), local()]
  }

  /** Places the lists; `pushBytes` pushes the bytes of one. */
  begin(pushBytes: () => void): void {
    const { code, scratch } = this.#frame
    code.get(scratch).i32(countBytes).op('i32.add').tee(this.list)
    pushBytes()
    code.op('i32.add').set(this.#spare)
  }

  clearCounts(): void {
    const { code, scratch } = this.#frame
    const zero = code.ints(0)
    code
      .get(scratch)
      .set(this.at)
      .i32(countBytes / 16)
      .set(this.#left)
    code.repeat(this.#left, () => {
      code.get(this.at).get(zero).memory('v128.store').get(this.at).i32(16).op('i32.add').set(this.at)
    })
  }

  /** Visits the pairs from `at` on. */
  each(visit: () => void): void {
    const { code } = this.#frame
    code.get(this.count).set(this.#left)
    whileAtLeast(code, this.#left, 1, () => {
      visit()
      code.get(this.at).i32(8).op('i32.add').set(this.at)
    })
  }

  /** Of {@link each}: pushes how many pairs came before. */
  pushVisited(): void {
    this.#frame.code.get(this.count).get(this.#left).op('i32.sub')
  }

  /** Puts an unsigned key that orders as the element at an address does into `key`. */
  readKey(from: Local): void {
    const { code } = this.#frame
    const { key } = this
    loadElement(code.get(from), this.#dtype)
    if (this.#dtype === 'float32')
      code.temporary('f32', value => {
        // Adding 0 makes 0 of -0.
        code.f32(0).op('f32.add').tee(value).op('i32.reinterpret_f32').tee(key)
        code
          .get(key)
          .i32(31)
          .op('i32.shr_s')
          .i32(-(2 ** 31))
          .op('i32.or')
          .op('i32.xor')
        code.i32(-1).get(value).get(value).op('f32.eq').select().set(key)
      })
    else {
      if (this.#dtype === 'int32') code.i32(-(2 ** 31)).op('i32.xor')
      if (this.#dtype === 'int8') code.i32(128).op('i32.add')
      code.set(key)
    }
    if (this.#descending) code.get(key).i32(-1).op('i32.xor').set(key)
  }

  /** Counts the digits of the key. */
  countKey(): void {
    const { code } = this.#frame
    for (let digit = 0; digit < widthOf(this.#dtype); digit++) {
      this.#digit(digit)
      code.tee(this.#place).get(this.#place)
      code
        .memory('i32.load', digit * 4 * buckets)
        .i32(1)
        .op('i32.add')
        .memory('i32.store', digit * 4 * buckets)
    }
  }

  /** Sorts; the digits of all keys must be counted. */
  sort(): void {
    for (let digit = 0; digit < widthOf(this.#dtype); digit++) this.#pass(digit)
  }

  /** Writes the positions of the pairs from an address on. */
  writePlaces(to: Local, step: Local): void {
    const { code } = this.#frame
    code.get(this.list).set(this.at)
    this.each(() => {
      code.get(to).get(this.at).memory('i32.load', 4).memory('i32.store')
      code.get(to).get(step).op('i32.add').set(to)
    })
  }

  /** Pushes the address of the count of a digit of the key. */
  #digit(digit: number): void {
    const { code, scratch } = this.#frame
    code.get(this.key)
    if (digit > 0) code.i32(8 * digit).op('i32.shr_u')
    code.i32(255).op('i32.and').i32(2).op('i32.shl').get(scratch).op('i32.add')
  }

  /** Orders the pairs by one digit, unless all have the same. */
  #pass(digit: number): void {
    const { code, scratch } = this.#frame
    const { list, at, key } = this
    const [spare, place, left] = [this.#spare, this.#place, this.#left]
    const base = digit * 4 * buckets
    code.get(list).memory('i32.load').set(key)
    this.#digit(digit)
    code.memory('i32.load', base).get(this.count).op('i32.ne')
    code.if(() => {
      // Counts become the places of the first pair of each bucket.
      code.get(spare).set(key).get(scratch).set(at).i32(buckets).set(left)
      code.repeat(left, () => {
        code.get(at).memory('i32.load', base).set(place).get(at).get(key).memory('i32.store', base)
        code.get(key).get(place).i32(3).op('i32.shl').op('i32.add').set(key).get(at).i32(4).op('i32.add').set(at)
      })
      code.get(list).set(at)
      this.each(() => {
        code.get(at).memory('i32.load').set(key)
        this.#digit(digit)
        code.tee(place).memory('i32.load', base).get(at).memory('i64.load').memory('i64.store')
        code.get(place).get(place).memory('i32.load', base).i32(8).op('i32.add').memory('i32.store', base)
      })
      code.get(list).get(spare).set(list).set(spare)
    })
  }
}
