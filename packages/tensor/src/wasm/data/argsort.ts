import type { DType } from '../../dtype.ts'
import { type Shape, sizeOf } from '../../shape.ts'
import type { Local } from '../code.ts'
import { Words } from '../codegen/words.ts'
import type { Lowered } from '../lowered.ts'
import { whileAtLeast } from './copy.ts'
import { type DataOperand, Frame, loadElement, widthOf } from './frame.ts'
import { planLines } from './lines.ts'
import { addRunWords, eachElement, elementsPerUnit, writeRuns } from './runs.ts'

/** What `argsort` orders: buffers x, result. */
export interface Argsort {
  readonly x: DataOperand
  readonly shape: Shape
  readonly dim: number
  readonly descending: boolean
}

const buckets = 256
/** Bytes of the counts of four digits. */
const countBytes = 4 * 4 * buckets
/** A longer line would need too much memory on each thread. */
const longestLine = 2 ** 22

/**
 * Stable order along a dim: sorts pairs of an unsigned key and a position by one digit of 8 bits after the other; a
 * digit that all keys share costs one look. NaN is the greatest and both zeros are equal.
 * @returns null where the plain loops must do it
 */
export function lowerArgsort({ x, shape, dim, descending }: Argsort): Lowered | null {
  const n = shape[dim]
  if (x.dtype === 'float16' || n > longestLine) return null
  if (sizeOf(shape) === 0) return { phases: [], workspaceBytes: 0 }
  const widths = [4, widthOf(x.dtype)] as const
  const { runs, to, from } = planLines(x, shape, dim, widths, 1)
  const words = new Words()
  const first = words.add(n, to * widths[0], from * widths[1])
  const layout = addRunWords(words, runs)
  const digits = widths[1]
  const phase = {
    key: `data argsort ${x.dtype} ${descending} ${layout.rank}`,
    words: words.finish(),
    units: runs.units,
    unitCost: 10 + elementsPerUnit(runs) * (1500 + 3 * n * (digits + 2)),
    scratchBytes: countBytes + 16 * n,
    write: (code: Frame['code']) => {
      const frame = new Frame(code, 2)
      const line = new Sorter(frame, first, x.dtype, descending)
      writeRuns(frame, layout, [() => frame.pointer(1), () => frame.pointer(0)], run =>
        eachElement(code, run, () => line.sort(run.at[0], run.at[1])),
      )
    },
  }
  return { phases: [phase], workspaceBytes: 0 }
}

/** Writes the sort of one line. Scratch memory: counts, then two lists of pairs (key, position). */
class Sorter {
  readonly #frame: Frame
  readonly #dtype: DType
  readonly #descending: boolean
  readonly #n: Local
  readonly #stepTo: Local
  readonly #stepFrom: Local
  readonly #pairs: readonly [Local, Local]
  readonly #left: Local
  readonly #at: Local
  readonly #key: Local
  readonly #place: Local

  constructor(frame: Frame, words: number, dtype: DType, descending: boolean) {
    const { code } = frame
    const local = () => code.local('i32')
    this.#frame = frame
    this.#dtype = dtype
    this.#descending = descending
    this.#n = frame.wordLocal(words)
    this.#stepTo = frame.wordLocal(words + 1)
    this.#stepFrom = frame.wordLocal(words + 2)
    this.#pairs = [local(), local()]
    ;[this.#left, this.#at, this.#key, this.#place] = [local(), local(), local(), local()]
  }

  sort(to: Local, from: Local): void {
    const { code, scratch } = this.#frame
    const [source, target] = this.#pairs
    code.get(scratch).i32(countBytes).op('i32.add').tee(source)
    code.get(this.#n).i32(3).op('i32.shl').op('i32.add').set(target)
    this.#clearCounts()
    this.#readKeys(from)
    for (let digit = 0; digit < widthOf(this.#dtype); digit++) this.#pass(digit)
    code.get(source).set(this.#at)
    this.#eachPair(() => {
      code.get(to).get(this.#at).memory('i32.load', 4).memory('i32.store')
      code.get(to).get(this.#stepTo).op('i32.add').set(to)
    })
  }

  #clearCounts(): void {
    const { code, scratch } = this.#frame
    const zero = code.ints(0)
    code
      .get(scratch)
      .set(this.#at)
      .i32(countBytes / 16)
      .set(this.#left)
    code.repeat(this.#left, () => {
      code.get(this.#at).get(zero).memory('v128.store').get(this.#at).i32(16).op('i32.add').set(this.#at)
    })
  }

  /** Pushes the address of the count of a digit of the key. */
  #count(digit: number): void {
    const { code, scratch } = this.#frame
    code.get(this.#key)
    if (digit > 0) code.i32(8 * digit).op('i32.shr_u')
    code.i32(255).op('i32.and').i32(2).op('i32.shl').get(scratch).op('i32.add')
  }

  /** Visits the pairs from `at` on. */
  #eachPair(visit: () => void): void {
    const { code } = this.#frame
    code.get(this.#n).set(this.#left)
    whileAtLeast(code, this.#left, 1, () => {
      visit()
      code.get(this.#at).i32(8).op('i32.add').set(this.#at)
    })
  }

  #readKeys(from: Local): void {
    const { code } = this.#frame
    code.get(this.#pairs[0]).set(this.#at)
    this.#eachPair(() => {
      this.#readKey(from)
      code.get(this.#at).get(this.#key).memory('i32.store')
      code.get(this.#at).get(this.#n).get(this.#left).op('i32.sub').memory('i32.store', 4)
      for (let digit = 0; digit < widthOf(this.#dtype); digit++) {
        this.#count(digit)
        code.tee(this.#place).get(this.#place)
        code
          .memory('i32.load', digit * 4 * buckets)
          .i32(1)
          .op('i32.add')
          .memory('i32.store', digit * 4 * buckets)
      }
      code.get(from).get(this.#stepFrom).op('i32.add').set(from)
    })
  }

  /** An unsigned key that orders as the element does. */
  #readKey(from: Local): void {
    const { code } = this.#frame
    const key = this.#key
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
      if (this.#dtype === 'int8') code.i32(128).op('i32.xor')
      code.set(key)
    }
    if (this.#descending) code.get(key).i32(-1).op('i32.xor').set(key)
  }

  /** Orders the pairs by one digit, unless all have the same. */
  #pass(digit: number): void {
    const { code, scratch } = this.#frame
    const [source, target] = this.#pairs
    const base = digit * 4 * buckets
    const [at, key, place, left] = [this.#at, this.#key, this.#place, this.#left]
    code.get(source).memory('i32.load').set(key)
    this.#count(digit)
    code.memory('i32.load', base).get(this.#n).op('i32.ne')
    code.if(() => {
      // Counts become the places of the first pair of each bucket.
      code.get(target).set(key).get(scratch).set(at).i32(buckets).set(left)
      code.repeat(left, () => {
        code.get(at).memory('i32.load', base).set(place).get(at).get(key).memory('i32.store', base)
        code.get(key).get(place).i32(3).op('i32.shl').op('i32.add').set(key).get(at).i32(4).op('i32.add').set(at)
      })
      code.get(source).set(at)
      this.#eachPair(() => {
        code.get(at).memory('i32.load').set(key)
        this.#count(digit)
        code.tee(place).memory('i32.load', base).get(at).memory('i64.load').memory('i64.store')
        code.get(place).get(place).memory('i32.load', base).i32(8).op('i32.add').memory('i32.store', base)
      })
      code.get(source).get(target).set(source).set(target)
    })
  }
}
