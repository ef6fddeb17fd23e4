import type { AffineMap } from '../../graph/affine.ts'
import { loopNest, type Walk } from '../../reference/nest.ts'
import { type Shape, sizeOf } from '../../shape.ts'
import type { Local } from '../code.ts'
import { Words } from '../codegen/words.ts'
import type { Lowered, Phase } from '../lowered.ts'
import { copyPhase, fillPhase, whileAtLeast } from './copy.ts'
import { type DataOperand, Frame, widthOf } from './frame.ts'
import { insideGuard } from './move.ts'
import { addRunWords, cutRuns, eachElement, planRuns, writeRuns } from './runs.ts'

/** What `fold` adds: buffers x, result. */
export interface Fold {
  readonly x: DataOperand
  /** How the view whose adjoint this is reads the result. */
  readonly map: AffineMap
  readonly shape: Shape
}

/** Elements of the result that one thread sums in float64 at a time. */
const largestTile = 2 ** 19

/** Dims of a box by whether different places along them meet in the result. */
interface Parting {
  /** Dims along which tiles of the result lie apart. */
  readonly apart: readonly number[]
  /** Dims whose places may meet within a tile. */
  readonly within: readonly number[]
  /** Elements of a tile. */
  readonly reach: number
}

/** Takes dims with large strides as those of tiles, as long as what is left stays within one. */
function partDims(shape: Shape, strides: readonly number[]): Parting {
  const apart: number[] = []
  let within = [...shape.keys()].filter(d => shape[d] > 1).sort((a, b) => strides[b] - strides[a])
  const reachOf = (dims: readonly number[]) => dims.reduce((sum, d) => sum + strides[d] * (shape[d] - 1), 0)
  while (within.length > 0 && strides[within[0]] > reachOf(within.slice(1))) {
    apart.push(within[0])
    within = within.slice(1)
  }
  return { apart, within: within.sort((a, b) => a - b), reach: reachOf(within) + 1 }
}

/**
 * Zeros, with every element added where a view read it: a copy where no two places of the view are the same, sums in
 * float64 of one tile of the result at a time where windows overlap.
 * @returns null where the plain loops must do it
 */
export function lowerFold({ x, map, shape }: Fold): Lowered | null {
  const size = sizeOf(shape)
  const { dtype } = x
  const { shape: box, source: to } = insideGuard(map)
  const from = insideGuard({ ...x.map, guard: map.guard }).source
  const zeros = fillPhase(dtype, size, 0, 1, 2)
  if (size === 0 || sizeOf(box) === 0) return { phases: zeros ? [zeros] : [], workspaceBytes: 0 }
  if (to.strides.some((stride, d) => stride < 0 && box[d] > 1)) return null
  const parting = partDims(box, to.strides)
  if (parting.within.length === 0) {
    const copy = copyPhase({ dtype, shape: box, to, from, toBuffer: 1, fromBuffer: 0, buffers: 2 })
    return { phases: [zeros, copy].filter(phase => phase !== null), workspaceBytes: 0 }
  }
  if (dtype !== 'float32' || parting.reach > largestTile) return null
  return { phases: [zeros as Phase, tilesPhase(box, to, from, parting)], workspaceBytes: 0 }
}

function tilesPhase(box: Shape, to: Walk, from: Walk, { apart, within, reach }: Parting): Phase {
  const width = widthOf('float32')
  const pick = (walk: Walk, dims: readonly number[]): number[] => dims.map(d => walk.strides[d])
  const tiles = planRuns(
    apart.map(d => box[d]),
    [to, from].map(walk => ({ strides: pick(walk, apart), offset: walk.offset, width })),
    1,
  )
  const shape = within.map(d => box[d])
  const inner = cutRuns(
    loopNest(shape, [
      { strides: pick(to, within), offset: 0 },
      { strides: pick(from, within), offset: 0 },
    ]),
    [8, width],
    sizeOf(shape),
  )
  const words = new Words()
  const first = words.add(reach, inner.units)
  const tileWords = addRunWords(words, tiles)
  const innerWords = addRunWords(words, inner)
  return {
    key: `data fold ${tileWords.rank} ${innerWords.rank}`,
    words: words.finish(),
    units: tiles.units,
    unitCost: 20 + 2 * reach + 2 * sizeOf(shape),
    scratchBytes: 8 * reach + 8,
    write: code => {
      const frame = new Frame(code, 2)
      const [size, units, none] = [frame.wordLocal(first), frame.wordLocal(first + 1), code.local('i32')]
      writeRuns(frame, tileWords, [() => frame.pointer(1), () => frame.pointer(0)], tile => {
        eachElement(code, tile, () => {
          clearTile(frame, size)
          const bases = [() => code.get(frame.scratch), () => code.get(tile.at[1])]
          const range = [none, units] as const
          writeRuns(frame, innerWords, bases, run => eachElement(code, run, () => addOne(frame, run.at)), range)
          storeTile(frame, size, tile.at[0])
        })
      })
    },
  }
}

function clearTile({ code, scratch }: Frame, size: Local): void {
  const zero = code.ints(0)
  code.temporary('i32', at =>
    code.temporary('i32', left => {
      code.get(scratch).set(at).get(size).i32(1).op('i32.add').i32(1).op('i32.shr_u').set(left)
      code.repeat(left, () => {
        code.get(at).get(zero).memory('v128.store').get(at).i32(16).op('i32.add').set(at)
      })
    }),
  )
}

function addOne({ code }: Frame, [to, from]: readonly Local[]): void {
  code.get(to).get(to).memory('f64.load').get(from).memory('f32.load').op('f64.promote_f32')
  code.op('f64.add').memory('f64.store')
}

function storeTile({ code, scratch }: Frame, size: Local, out: Local): void {
  code.temporary('i32', at =>
    code.temporary('i32', left =>
      code.temporary('i32', to => {
        code.get(scratch).set(at).get(out).set(to).get(size).set(left)
        whileAtLeast(code, left, 1, () => {
          code.get(to).get(at).memory('f64.load').op('f32.demote_f64').memory('f32.store')
          code.get(at).i32(8).op('i32.add').set(at).get(to).i32(4).op('i32.add').set(to)
        })
      }),
    ),
  )
}
