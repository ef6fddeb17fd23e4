import { sizeOf } from '@surprisal/tensor/backend'
import { accumulatorFor } from '../../wgsl/accumulator.ts'
import { loadElement } from '../../wgsl/elements.ts'
import { Params } from '../../wgsl/params.ts'
import { Binder } from '../binder.ts'
import { elementKernel } from '../element-kernel.ts'
import { type LoweredStep, nothing } from '../lowered-step.ts'
import type { Operand } from './operand.ts'

/** What `fold` adds: buffers x, result. */
export interface Fold {
  readonly x: Operand
  /** How the view whose adjoint this is reads the result. */
  readonly map: Operand['map']
  readonly shape: readonly number[]
}

/** A dim of the view: how far a step along it moves in the result, which is not backwards, and in x. */
interface Axis {
  readonly size: number
  readonly to: number
  readonly from: number
}

/** The part of the view that reads its source, the largest steps first. */
function axesOf({ x, map }: Fold): { axes: Axis[]; to: number; from: number } {
  let to = map.offset
  let from = x.map.offset
  const axes = map.shape.map((dim, d): Axis => {
    const low = Math.max(0, map.guard?.low[d] ?? 0)
    const size = Math.max(0, Math.min(dim, map.guard?.high[d] ?? dim) - low)
    const [stepTo, stepFrom] = [map.strides[d], x.map.strides[d]]
    to += low * stepTo
    from += low * stepFrom
    if (stepTo >= 0) return { size, to: stepTo, from: stepFrom }
    to += (size - 1) * stepTo
    from += (size - 1) * stepFrom
    return { size, to: -stepTo, from: -stepFrom }
  })
  return { axes: axes.filter(({ size }) => size !== 1).sort((a, b) => b.to - a.to), to, from }
}

/**
 * Zeros, with every element added where a view read it: each element of the result finds the places of the view that
 * are its own, dim by dim, in a fixed order.
 */
export function lowerFold(fold: Fold): LoweredStep {
  const { x, shape } = fold
  const size = sizeOf(shape)
  if (size === 0) return nothing
  const { axes, to, from } = axesOf(fold)
  const params = new Params()
  const binder = new Binder()
  const names = { x: binder.read(0, 'x'), out: binder.write(1, 'out') }
  const sum = accumulatorFor('sum', x.dtype, 'a')
  const int = (value: number): string => `bitcast<i32>(${params.word(value >>> 0)})`
  const open = axes.flatMap(({ size: count, to: step, from: stepFrom }, k) => {
    const reach = axes.slice(k + 1).reduce((total, axis) => total + axis.to * (axis.size - 1), 0)
    const least = `(max(rest${k} - ${int(reach)}, 0) + ${int(step - 1)}) / ${int(step)}`
    const most = `min(${int(count - 1)}, rest${k} / ${int(step)})`
    return [
      `for (var c${k} = ${step === 0 ? '0' : least}; c${k} <= ${step === 0 ? int(count - 1) : most}; c${k}++) {`,
      `let rest${k + 1} = rest${k} - c${k} * ${int(step)};`,
      `let at${k + 1} = at${k} + c${k} * ${int(stepFrom)};`,
    ]
  })
  const last = axes.length
  const body = [
    `let rest0 = i32(i) - ${int(to)};`,
    `let at0 = ${int(from)};`,
    'var t = 0u;',
    ...sum.declare,
    'if (rest0 >= 0) {',
    ...open,
    `if (rest${last} == 0) {`,
    `let element = ${loadElement(x.dtype, names.x, `u32(at${last})`)};`,
    ...sum.take('element'),
    't += 1u;',
    '} }',
    '}'.repeat(axes.length),
    ...sum.finish,
    `let value = ${sum.result};`,
  ]
  return { ...nothing, kernels: [elementKernel({ params, binder, out: names.out, dtype: x.dtype, size, body })] }
}
