import { describe, expect, it } from 'vitest'
import { Parameter, type Tensor, tensor, zeros } from '../index.ts'
import { abs, sign, square } from './arithmetic.ts'
import { cast } from './cast.ts'
import { relu } from './rectifiers.ts'
import { ceil, clamp, floor, nanToNum, round, trunc } from './rounding.ts'
import { logSoftmax, softmax } from './softmax.ts'

const bool = () => tensor([true, false])
const int = () => tensor([3, -4], { dtype: 'int32' })
const float = () => tensor([0.5, -1.5])

/** Ops on operands with which they have nothing to do. */
const cases: Record<string, [(x: Tensor | Parameter) => Tensor, () => Tensor]> = {
  'abs of a bool': [abs, bool],
  'sign of a bool': [sign, bool],
  'square of a bool': [square, bool],
  'relu of a bool': [relu, bool],
  'cast to the same dtype': [x => cast(x, 'float32'), float],
  'floor of integers': [floor, int],
  'ceil of integers': [ceil, int],
  'round of integers': [round, int],
  'trunc of integers': [trunc, int],
  'nanToNum of integers': [nanToNum, int],
  'clamp without bounds': [clamp, float],
  'softmax of nothing': [softmax, () => zeros([2, 0])],
  'logSoftmax of nothing': [logSoftmax, () => zeros([0, 2])],
}

describe.each(Object.entries(cases))('%s', (_, [op, make]) => {
  it('has a handle of its own, so that disposing of it leaves the operand alone', () => {
    const x = make()
    const expected = Array.from(x.dataSync())
    const result = op(x)
    expect(result).not.toBe(x)
    expect(Array.from(result.dataSync())).toEqual(expected)
    result.dispose()
    expect(Array.from(x.dataSync())).toEqual(expected)
  })

  it('outlives the operand', () => {
    const x = make().add(0).cast(make().dtype)
    const result = op(x)
    x.dispose()
    expect(Array.from(result.dataSync())).toEqual(Array.from(make().dataSync()))
  })

  it('takes nothing from a parameter', () => {
    const cell = new Parameter(make())
    op(cell).dispose()
    expect(Array.from(cell.value.dataSync())).toEqual(Array.from(make().dataSync()))
  })
})
