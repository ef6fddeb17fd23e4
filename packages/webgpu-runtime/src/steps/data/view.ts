import { type DType, isFloat, sizeOf } from '@surprisal/tensor/backend'
import { loadElement, typeOf } from '../../wgsl/elements.ts'
import { Params } from '../../wgsl/params.ts'
import { Binder } from '../binder.ts'
import { elementKernel } from '../element-kernel.ts'
import { type LoweredStep, nothing } from '../lowered-step.ts'
import { Walk } from '../walk.ts'
import type { Operand } from './operand.ts'

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/** The expression of a number that is no part of the code. */
function numberText(params: Params, dtype: DType, value: number): string {
  if (dtype === 'bool') return `(${params.word(value === 0 ? 0 : 1)} != 0u)`
  float[0] = value
  const word = isFloat(dtype) ? bits[0] : value >>> 0
  return `bitcast<${typeOf(dtype)}>(${params.word(word)})`
}

/** A dense copy of a strided read, with what lies outside of its guard filled. */
export function lowerView({ dtype, map }: Operand): LoweredStep {
  const size = sizeOf(map.shape)
  if (size === 0) return nothing
  const params = new Params()
  const binder = new Binder()
  const x = binder.read(0, 'x')
  const out = binder.write(1, 'out')
  const { low, high, fill } = map.guard ?? { low: map.shape.map(() => 0), high: map.shape, fill: 0 }
  const guarded = map.shape.flatMap((dim, d) => (low[d] > 0 || high[d] < dim ? [d] : []))
  const access = { strides: map.strides, offset: map.offset }
  const walk = new Walk(params, map.shape, [access], guarded)
  const inside = guarded.map(d => {
    const [from, to] = [Math.max(0, low[d]), Math.max(0, Math.min(high[d], map.shape[d]))]
    return `(${walk.coordinate(d)} >= ${params.word(from)} && ${walk.coordinate(d)} < ${params.word(to)})`
  })
  const body = [
    ...walk.coordinates('i'),
    `let inside = ${inside.length > 0 ? inside.join(' && ') : 'true'};`,
    `let at = select(0u, ${walk.index(access)}, inside);`,
    `let value = select(${numberText(params, dtype, fill)}, ${loadElement(dtype, x, 'at')}, inside);`,
  ]
  return { ...nothing, kernels: [elementKernel({ params, binder, out, dtype, size, body })] }
}
