import type { DType } from '../../dtype.ts'
import type { AffineMap } from '../../graph/affine.ts'
import { denseWalk } from '../../reference/copy.ts'
import type { Walk } from '../../reference/nest.ts'
import { type Shape, sizeOf } from '../../shape.ts'
import { halfFromFloat } from '../half.ts'
import type { Lowered, Phase } from '../lowered.ts'
import { copyPhase, fillPhase } from './copy.ts'
import type { DataOperand } from './frame.ts'

const float = new Float32Array(1)
const bits = new Int32Array(float.buffer)

/** The bits of an element that has the value. */
function bitsOfValue(dtype: DType, value: number): number {
  if (dtype === 'float16') return halfFromFloat(value)
  if (dtype !== 'float32') return value | 0
  float[0] = value
  return bits[0]
}

const kernelOf = (phases: readonly (Phase | null)[]): Lowered => ({
  phases: phases.filter(phase => phase !== null),
  workspaceBytes: 0,
})

/** Parts one behind the other along a dim: buffers are the parts and the result. */
export function lowerCat(parts: readonly DataOperand[], shape: Shape, dim: number): Lowered {
  const { strides } = denseWalk(shape)
  let offset = 0
  const phases = parts.map(({ dtype, map }, fromBuffer) => {
    const to = { strides, offset }
    offset += map.shape[dim] * strides[dim]
    const buffers = parts.length + 1
    return copyPhase({ dtype, shape: map.shape, to, from: map, toBuffer: parts.length, fromBuffer, buffers })
  })
  return kernelOf(phases)
}

/** The part of a view that reads its source: a box, and the walks of it in the view and in the source. */
export function insideGuard(map: AffineMap): { shape: number[]; view: Walk; source: Walk } {
  const low = map.shape.map((_, d) => Math.max(0, map.guard?.low[d] ?? 0))
  const shape = map.shape.map((dim, d) => Math.max(0, Math.min(dim, map.guard?.high[d] ?? dim) - low[d]))
  const start = ({ strides, offset }: Walk): Walk => ({
    strides,
    offset: low.reduce((sum, i, d) => sum + i * strides[d], offset),
  })
  return { shape, view: start(denseWalk(map.shape)), source: start(map) }
}

/** A dense copy of a strided read, with what lies outside of its guard filled: buffers x, result. */
export function lowerView({ dtype, map }: DataOperand): Lowered {
  const { shape, view, source } = insideGuard(map)
  const size = sizeOf(map.shape)
  const fill = sizeOf(shape) < size ? fillPhase(dtype, size, bitsOfValue(dtype, map.guard?.fill ?? 0), 1, 2) : null
  return kernelOf([fill, copyPhase({ dtype, shape, to: view, from: source, toBuffer: 1, fromBuffer: 0, buffers: 2 })])
}
