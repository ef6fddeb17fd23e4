import type { DType } from '../../dtype.ts'
import type { Local } from '../code.ts'
import { Words } from '../codegen/words.ts'
import type { Lowered } from '../lowered.ts'
import type { Argsort } from './argsort.ts'
import { Frame, widthOf } from './frame.ts'
import { planLines } from './lines.ts'
import { countBytes, Pairs } from './pairs.ts'
import { addRunWords, eachElement, elementsPerUnit, writeRuns } from './runs.ts'

const fewestCandidates = 128
/** Elements that one test can pass over. */
const stride = 16

const candidates = (places: number): number => Math.max(2 * places, fewestCandidates)

/** Whether the first places of a line of n elements are better selected than taken from its sorted whole. */
export const selects = (places: number, n: number): boolean => n > 4 * candidates(places)

/**
 * The first places of the order along a dim. Candidates are collected in a list; when it is full it is sorted and cut,
 * and from then on only elements before the last one kept are candidates. So most elements cost one comparison, and the
 * worst line costs no more than twice its sort.
 */
export function lowerSelection({ x, shape, dim, descending }: Argsort): Lowered {
  const n = x.map.shape[dim]
  const widths = [4, widthOf(x.dtype)] as const
  const { runs, to, from } = planLines(x, shape, dim, widths, 1)
  const words = new Words()
  const most = candidates(shape[dim])
  const first = words.add(n, to * widths[0], from * widths[1], shape[dim], most)
  const layout = addRunWords(words, runs)
  const skips = x.dtype === 'float32' && from === 1
  const phase = {
    key: `data selection ${x.dtype} ${descending} ${skips} ${layout.rank}`,
    words: words.finish(),
    units: runs.units,
    unitCost: 10 + elementsPerUnit(runs) * (3000 + (skips ? 1 : 4) * n),
    scratchBytes: countBytes + 16 * most,
    write: (code: Frame['code']) => {
      const frame = new Frame(code, 2)
      const line = new Selector(frame, first, x.dtype, descending, skips)
      writeRuns(frame, layout, [() => frame.pointer(1), () => frame.pointer(0)], run =>
        eachElement(code, run, () => line.select(run.at[0], run.at[1])),
      )
    },
  }
  return { phases: [phase], workspaceBytes: 0 }
}

/** Writes the selection from one line. */
class Selector {
  readonly #frame: Frame
  readonly #pairs: Pairs
  readonly #descending: boolean
  readonly #skips: boolean
  readonly #n: Local
  readonly #places: Local
  readonly #most: Local
  readonly #stepTo: Local
  readonly #stepFrom: Local
  /** Elements that are still to be looked at, and where the next one is. */
  readonly #left: Local
  readonly #from: Local
  /** The greatest key of a candidate, and the element of the key behind it in all lanes. */
  readonly #bound: Local
  readonly #edge: Local

  constructor(frame: Frame, words: number, dtype: DType, descending: boolean, skips: boolean) {
    const { code } = frame
    this.#frame = frame
    this.#descending = descending
    this.#skips = skips
    this.#n = frame.wordLocal(words)
    this.#stepTo = frame.wordLocal(words + 1)
    this.#stepFrom = frame.wordLocal(words + 2)
    this.#places = frame.wordLocal(words + 3)
    this.#most = frame.wordLocal(words + 4)
    this.#pairs = new Pairs(frame, dtype, descending, code.local('i32'))
    ;[this.#left, this.#from, this.#bound] = [code.local('i32'), code.local('i32'), code.local('i32')]
    this.#edge = code.local('v128')
  }

  select(to: Local, from: Local): void {
    const { code } = this.#frame
    const pairs = this.#pairs
    pairs.begin(() => code.get(this.#most).i32(3).op('i32.shl'))
    code.i32(0).set(pairs.count).get(this.#n).set(this.#left).get(from).set(this.#from).i32(-1).set(this.#bound)
    if (this.#skips) code.i32(0x7fc00000).op('i32x4.splat').set(this.#edge)
    code.block(done =>
      code.loop(next => {
        this.#collect()
        this.#sortAndCut()
        code.get(this.#left).op('i32.eqz').branchIf(done)
        this.#readLastKey()
        // Nothing comes before the first of all keys.
        code.get(this.#pairs.key).op('i32.eqz').branchIf(done)
        this.#setBound()
        code.branch(next)
      }),
    )
    pairs.writePlaces(to, this.#stepTo)
  }

  /** Takes candidates until the list is full or the line ends. */
  #collect(): void {
    const { code } = this.#frame
    const { count, list, at, key } = this.#pairs
    code.block(done =>
      code.loop(next => {
        if (this.#skips) this.#skip()
        code.get(this.#left).op('i32.eqz').branchIf(done)
        this.#pairs.readKey(this.#from)
        code.get(key).get(this.#bound).op('i32.le_u')
        code.if(() => {
          code.get(list).get(count).i32(3).op('i32.shl').op('i32.add').tee(at).get(key).memory('i32.store')
          code.get(at).get(this.#n).get(this.#left).op('i32.sub').memory('i32.store', 4)
          code.get(count).i32(1).op('i32.add').set(count)
        })
        code.get(this.#from).get(this.#stepFrom).op('i32.add').set(this.#from)
        code.get(this.#left).i32(1).op('i32.sub').set(this.#left)
        code.get(count).get(this.#most).op('i32.lt_u').branchIf(next)
      }),
    )
  }

  /** Passes over elements of which none can be a candidate. */
  #skip(): void {
    const { code } = this.#frame
    // Also true of NaN, on either side.
    const isBehind = this.#descending ? 'f32x4.le' : 'f32x4.ge'
    code.block(done =>
      code.loop(next => {
        code.get(this.#left).i32(stride).op('i32.lt_u').branchIf(done)
        for (let v = 0; v < stride / 4; v++) {
          code
            .get(this.#from)
            .memory('v128.load', 16 * v)
            .get(this.#edge)
            .op(isBehind)
          if (v > 0) code.op('v128.and')
        }
        code.op('i32x4.all_true').op('i32.eqz').branchIf(done)
        code
          .get(this.#from)
          .i32(4 * stride)
          .op('i32.add')
          .set(this.#from)
        code.get(this.#left).i32(stride).op('i32.sub').set(this.#left).branch(next)
      }),
    )
  }

  #sortAndCut(): void {
    const { code } = this.#frame
    const pairs = this.#pairs
    const { count, list, at, key } = pairs
    pairs.clearCounts()
    code.get(list).set(at)
    pairs.each(() => {
      code.get(at).memory('i32.load').set(key)
      pairs.countKey()
    })
    pairs.sort()
    code.get(this.#places).get(count).get(this.#places).get(count).op('i32.lt_u').select().set(count)
  }

  #readLastKey(): void {
    const { code } = this.#frame
    const { count, list, key } = this.#pairs
    code.get(list).get(count).i32(3).op('i32.shl').op('i32.add').i32(8).op('i32.sub').memory('i32.load').set(key)
  }

  /** Later elements must come before the last one kept: an equal one would come behind it. */
  #setBound(): void {
    const { code } = this.#frame
    const { key } = this.#pairs
    code.get(key).i32(1).op('i32.sub').set(this.#bound)
    if (!this.#skips) return
    if (this.#descending) code.get(key).i32(-1).op('i32.xor').set(key)
    code.get(key).i32(31).op('i32.shr_s').i32(-1).op('i32.xor')
    code
      .i32(-(2 ** 31))
      .op('i32.or')
      .get(key)
      .op('i32.xor')
    code.op('i32x4.splat').set(this.#edge)
  }
}
