import { describe, expect, it } from 'vitest'
import { customGradient, Parameter, stopGradient, type Tensor, tensor } from '../index.ts'
import { cellValue } from '../parameter.ts'
import { nodeOf } from '../tensor.ts'
import type { Node } from './node.ts'
import { pendingTargets } from './pending.ts'

const node = (x: Tensor): Node => nodeOf(x, 'test')
const pending = (...xs: Tensor[]) => pendingTargets(xs.map(node))

describe('pendingTargets', () => {
  it('are those that have no value, each once', () => {
    const x = tensor([1])
    const [y, z] = [x.add(1), x.mul(2)]
    z.dataSync()
    expect(pending(x, y, z, y)).toEqual({ targets: [node(y)], reads: 1 })
    expect(pending(x, z).targets).toEqual([])
  })

  it('include cells behind them and beside them that wait for their values', () => {
    const [behind, beside, other] = [1, 2, 3].map(value => new Parameter(tensor([value])))
    behind.assign(cellValue(behind).add(1))
    const y = cellValue(behind).mul(2)
    beside.assign(y)
    other.assign(cellValue(other).add(1))
    const expected = [node(y), node(cellValue(beside)), node(cellValue(behind))]
    const { targets } = pending(y)
    expect(new Set(targets)).toEqual(new Set(expected))
    expect(targets).toHaveLength(3)
    expect(targets[0]).toBe(node(y))
    expect(pending(cellValue(behind), y).targets).toHaveLength(3)
  })

  it('count the longest chain of reads behind them, through inputs of rules as well', () => {
    let x = tensor([1])
    for (let i = 0; i < 3; i++) {
      x = x.add(1)
      x.dataSync()
    }
    expect(pending(x.add(1)).reads).toBe(4)
    expect(pending(tensor([1]).add(1)).reads).toBe(1)
    const hidden = customGradient(
      () => tensor([1]).add(1),
      dy => [dy],
    )
    expect(pending(hidden(x.mul(2))).reads).toBe(4)
    expect(pending(stopGradient(x).mul(2)).reads).toBe(4)
  })
})
