import type { DType } from '../../dtype.ts'
import type { Local } from '../code.ts'
import { temporaries } from '../lanes/temporaries.ts'
import { narrowDoubles } from './doubles.ts'
import type { Frame } from './frame.ts'
import { shuffleLanes } from './gather.ts'

/** `start + n * step` in float64 for the four int32 positions `n`, rounded once. */
export function emitIota(frame: Frame, dtype: DType, start: number, step: number, n: Local, out: Local): void {
  const { code } = frame
  const scaled = (): void => {
    code.op('f64x2.convert_low_i32x4_s')
    code.get(0).memory('v128.load64_splat', frame.scalar(step)).op('f64x2.mul')
    code.get(0).memory('v128.load64_splat', frame.scalar(start)).op('f64x2.add')
  }
  temporaries(code, (low, high) => {
    code.get(n)
    scaled()
    code.set(low)
    shuffleLanes(code, n, [2, 3, 2, 3])
    scaled()
    code.set(high)
    narrowDoubles(code, dtype, low, high, out)
  })
}

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const

/** `y0 ^ y1` of Threefry-2x32 with 20 rounds at the counters `[0, n]`, as `fillThreefryBits` gives them. */
export function emitThreefry(frame: Frame, key: number, n: Local, out: Local): void {
  const { code } = frame
  temporaries(code, (k0, k1, k2, x0, x1) => {
    const at = frame.scalar(key)
    const keys = [k0, k1, k2]
    code.get(0).memory('v128.load32_splat', at).set(k0)
    code
      .get(0)
      .memory('v128.load32_splat', at + 4)
      .set(k1)
    code.get(k0).get(k1).op('v128.xor').get(code.ints(0x1bd11bda)).op('v128.xor').set(k2)
    code.get(k0).set(x0).get(n).get(k1).op('i32x4.add').set(x1)
    for (let group = 0; group < 5; group++) {
      for (let round = 0; round < 4; round++) {
        const by = rotations[(group & 1) * 4 + round]
        code.get(x0).get(x1).op('i32x4.add').set(x0)
        code
          .get(x1)
          .i32(by)
          .op('i32x4.shl')
          .get(x1)
          .i32(32 - by)
          .op('i32x4.shr_u')
          .op('v128.or')
        code.get(x0).op('v128.xor').set(x1)
      }
      code
        .get(x0)
        .get(keys[(group + 1) % 3])
        .op('i32x4.add')
        .set(x0)
      code
        .get(x1)
        .get(keys[(group + 2) % 3])
        .op('i32x4.add')
        .get(code.ints(group + 1))
        .op('i32x4.add')
        .set(x1)
    }
    code.get(x0).get(x1).op('v128.xor').set(out)
  })
}
