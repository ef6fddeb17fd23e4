import { describe, expect, it } from 'vitest'
import { Parameter, stopGradient, type Tensor, tensor, zeros } from '../index.ts'
import { cellValue } from '../parameter.ts'
import { nodeOf } from '../tensor.ts'
import { byDevice, isElsewhere, waitingFor } from './waiting.ts'

const node = (x: Tensor) => nodeOf(x, 'test')

describe('what a read waits for', () => {
  it('is told from what has been computed, each once', () => {
    const x = tensor([1])
    const y = x.add(1)
    const z = y.mul(y)
    const { nodes, computed } = waitingFor([node(z), node(y)])
    expect(new Set(nodes)).toEqual(new Set([node(z), node(y), ...node(y).inputs.filter(input => !input.storage)]))
    expect(nodes).toHaveLength(new Set(nodes).size)
    expect(computed).toEqual([node(x)])
    y.dataSync()
    expect(waitingFor([node(z)])).toEqual({ nodes: [node(z)], computed: [node(y)] })
  })

  it('does not include what only a gradient needs', () => {
    const x = tensor([1]).add(1)
    const cell = new Parameter(x)
    const named = stopGradient(x)
    expect(waitingFor([node(named), node(cellValue(cell))]).nodes).toContain(node(x))
    named.dataSync()
    expect(waitingFor([node(named)])).toEqual({ nodes: [], computed: [node(named)] })
  })

  it('may be a chain of any length', () => {
    let x = zeros([1])
    for (let i = 0; i < 9_000; i++) x = x.add(1)
    expect(waitingFor([node(x)]).nodes.length).toBeGreaterThan(9_000)
  })
})

describe('nodes', () => {
  it('belong to their device, or else to the usual one', () => {
    const here = [tensor([1]).add(1), tensor([2]).add(1)].map(node)
    const any = node(zeros([1]))
    expect(byDevice([here[0], any, here[1]], 'webgpu')).toEqual(
      new Map([
        ['cpu', here],
        ['webgpu', [any]],
      ]),
    )
    expect([...byDevice([any], 'cpu').keys()]).toEqual(['cpu'])
  })

  it('of the CPU can be looked at at once', () => {
    const x = tensor([1])
    const y = x.add(1)
    y.dataSync()
    expect([x, y, y.add(1)].map(t => isElsewhere(node(t)))).toEqual([false, false, false])
  })
})
