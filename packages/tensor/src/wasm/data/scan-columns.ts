import type { Local } from '../code.ts'
import { whileAtLeast } from './copy.ts'
import type { Frame } from './frame.ts'
import type { Run } from './runs.ts'

/** Lines of a tile: 64 bytes of float32 side by side. */
const tile = 16

/** How a tile moves: the length of its lines, steps along them in bytes, and from a line's first place to its start. */
export interface ScanSteps {
  readonly size: Local
  readonly stepTo: Local
  readonly stepFrom: Local
  readonly lastTo: Local
  readonly lastFrom: Local
}

/**
 * Scans sixteen neighbouring float32 lines at a time in pairs of float64, while a run has so many; its addresses and
 * count move on to what is left.
 */
export function writeScanColumns(
  { code }: Frame,
  f: 'sum' | 'prod',
  exclusive: boolean,
  steps: ScanSteps,
  { count, at: [to, from] }: Run,
): void {
  const totals = Array.from({ length: tile / 2 }, () => code.local('v128'))
  const [out, at, left] = [code.local('i32'), code.local('i32'), code.local('i32')]
  const store = (): void => {
    totals.forEach((total, i) => {
      code
        .get(out)
        .get(total)
        .op('f32x4.demote_f64x2_zero')
        .memoryLane('v128.store64_lane', 0, 8 * i)
    })
  }
  whileAtLeast(code, count, tile, () => {
    code.get(to).get(steps.lastTo).op('i32.add').set(out)
    code.get(from).get(steps.lastFrom).op('i32.add').set(at)
    code.get(steps.size).set(left)
    for (const total of totals) {
      code.f64(f === 'sum' ? 0 : 1)
      code.op('f64x2.splat').set(total)
    }
    code.repeat(left, () => {
      if (exclusive) store()
      totals.forEach((total, i) => {
        code
          .get(total)
          .get(at)
          .memory('v128.load64_zero', 8 * i)
          .op('f64x2.promote_low_f32x4')
        code.op(f === 'sum' ? 'f64x2.add' : 'f64x2.mul').set(total)
      })
      if (!exclusive) store()
      code.get(out).get(steps.stepTo).op('i32.add').set(out)
      code.get(at).get(steps.stepFrom).op('i32.add').set(at)
    })
    for (const address of [to, from])
      code
        .get(address)
        .i32(4 * tile)
        .op('i32.add')
        .set(address)
  })
}
