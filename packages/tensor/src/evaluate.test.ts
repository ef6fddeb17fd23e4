import { afterEach, describe, expect, it } from 'vitest'
import { evaluate } from './evaluate.ts'
import { currentExecutor, registerExecutor, setExecutor } from './executor.ts'
import { elementsOf, type Storage } from './graph/storage.ts'
import { gradients, ones, Parameter, stopGradient, type Tensor, tensor } from './index.ts'
import { nodeOf } from './tensor.ts'

const node = (x: Tensor) => nodeOf(x, 'test')
const values = (x: Tensor) => elementsOf(node(x).storage as Storage)

describe('evaluate', () => {
  afterEach(() => setExecutor('wasm'))

  it('stores the values of all nodes by one run of the executor', () => {
    const runs: number[] = []
    const wasm = currentExecutor()
    registerExecutor({
      name: 'counting',
      evaluate: (targets, op) => {
        runs.push(targets.length)
        return wasm.evaluate(targets, op)
      },
    })
    setExecutor('counting')
    const x = tensor([1, 2])
    const [a, b] = [x.add(1), x.mul(2)]
    evaluate([node(a), node(b)])
    evaluate([node(a)])
    expect(runs).toEqual([2])
    expect([a, b].map(y => Array.from(values(y)))).toEqual([
      [2, 3],
      [2, 4],
    ])
  })

  it('keeps the history of a value that a gradient may pass', () => {
    const x = tensor([3])
    const y = x.square()
    evaluate([node(y)])
    expect(node(y).inputs).toHaveLength(2)
    expect(gradients(y.sum(), [x])[0].itemSync()).toBe(6)
  })

  it('drops the history where none may', () => {
    const x = tensor([3, 1])
    const values = [x.argmax(), x.greater(2), stopGradient(x.mul(2)), new Parameter(x.mul(2)).value]
    evaluate(values.map(node))
    expect(values.map(value => node(value).inputs)).toEqual([[], [], [], []])
    expect(values.map(value => node(value).storage === null)).toEqual([false, false, false, false])
  })

  it('gives aliases of one value arrays of their own', () => {
    const x = ones([2]).mul(2)
    const alias = stopGradient(x)
    evaluate([node(x), node(alias)])
    expect(values(alias)).toEqual(values(x))
    expect(node(alias).storage?.place).not.toBe(node(x).storage?.place)
  })

  it('leaves all values uncomputed when the executor throws', () => {
    const bad = tensor([1, 2]).indexSelect(0, tensor([5], { dtype: 'int32' }))
    const good = tensor([1]).add(1)
    expect(() => evaluate([node(good), node(bad)])).toThrow('indexSelect')
    expect([node(good).storage, node(bad).storage]).toEqual([null, null])
    expect(good.itemSync()).toBe(2)
  })
})
