import { bytesPerElement, type DType } from '../../dtype.ts'
import type { Code, Local } from '../code.ts'
import { halvesToFloats } from '../lanes/half.ts'

const lanes = [0, 1, 2, 3] as const

/**
 * Loads four elements from anywhere, no byte more, into lanes as `loadLanes` does.
 *
 * @param address pushes the address of one lane; called in the order of lanes
 */
export function gatherLanes(code: Code, dtype: DType, address: (lane: number) => void, out: Local): void {
  const unit = bytesPerElement[dtype]
  code.temporary('v128', gathered => {
    code.get(code.ints(0)).set(gathered)
    for (const lane of lanes) {
      address(lane)
      code.get(gathered)
      if (unit === 4) code.memoryLane('v128.load32_lane', lane)
      else if (unit === 2) code.memoryLane('v128.load16_lane', 2 * lane)
      else code.memoryLane('v128.load8_lane', 4 * lane)
      code.set(gathered)
    }
    code.get(gathered).set(out)
  })
  if (dtype === 'float16') halvesToFloats(code, out, out)
  if (dtype === 'int8') code.get(out).i32(24).op('i32x4.shl').i32(24).op('i32x4.shr_s').set(out)
  if (dtype === 'bool') code.get(out).op('i32x4.neg').set(out)
}

/** Swaps the lanes of a vector on the stack. */
export function shuffleLanes(code: Code, x: Local, order: readonly [number, number, number, number]): Code {
  return code
    .get(x)
    .get(x)
    .shuffle(order.flatMap(lane => [0, 1, 2, 3].map(byte => 4 * lane + byte)))
}
