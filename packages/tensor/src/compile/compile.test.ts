import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { settleMemory } from '../__fixtures__/memory.ts'
import {
  checkpoint,
  compile,
  foldIn,
  gradients,
  indexSelect,
  memory,
  normal,
  Parameter,
  type RandomKey,
  randomKey,
  scope,
  setExecutor,
  splitKey,
  type Tensor,
  tensor,
  uniform,
  valueAndGrad,
} from '../index.ts'
import { registerReference } from '../reference.ts'
import type { Operand } from '../tensor.ts'

registerReference()
afterEach(() => setExecutor('wasm'))

const bits = (x: Tensor) => Array.from(x.dataSync(), value => (Object.is(value, -0) ? '-0' : value))
const int = (values: number[]) => tensor(values, { dtype: 'int32' })

/** A function and how often it has run. */
function counted<A extends unknown[], R>(fn: (...args: A) => R) {
  const count = { runs: 0 }
  const wrapped = (...args: A): R => {
    count.runs += 1
    return fn(...args)
  }
  return { compiled: compile(wrapped), count }
}

describe('compile', () => {
  const steps: Record<string, (x: Tensor, y: Tensor, n: Operand) => Tensor> = {
    scale: (x, _, n) => x.mul(n),
    shift: (x, _, n) => x.add(n),
    other: (x, y) => x.mul(y),
    tanh: x => x.tanh(),
    softmax: x => x.softmax(),
    center: x => x.sub(x.mean({ dim: 0, keepdim: true })),
    turn: x => x.transpose(0, 1).matmul(x).sum({ dim: 1 }).add(x),
    largest: (x, _, n) => x.maximum(n),
  }
  const program = fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 1, maxLength: 6 })
  const numbers = fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 2, maxLength: 4 })

  it('gives the bits of the function, gradients included, for all numbers', () => {
    fc.assert(
      fc.property(program, numbers, fc.nat(1000), (names, ns, seed) => {
        const fn = (x: Tensor, y: Tensor, n: Operand) => {
          const value = names.reduce((z, name) => steps[name](z, y, n), x)
          const loss = value.square().sum()
          return { value, loss, grads: gradients(loss, [x, y]) }
        }
        const compiled = compile(fn)
        for (const [i, n] of ns.entries()) {
          const [x, y] = [normal(randomKey(seed + i), [3, 3]), normal(randomKey(seed - i + 5000), [3, 3])]
          const [made, plain] = [compiled(x, y, n), fn(x, y, n)]
          expect(bits(made.value)).toEqual(bits(plain.value))
          expect(bits(made.loss)).toEqual(bits(plain.loss))
          expect(made.grads.map(bits)).toEqual(plain.grads.map(bits))
        }
      }),
      { numRuns: 25, seed: 5 },
    )
  })

  it('runs the function once for each kind of arguments', () => {
    const { compiled, count } = counted((x: Tensor, n: Operand) => x.mul(n))
    for (const n of [0.5, 1.5, 2.5, Number.NaN]) compiled(tensor([1, 2]), n)
    expect(count.runs).toBe(1)
    compiled(tensor([3, 4]), 2)
    expect(count.runs).toBe(2)
    compiled(tensor([3]), 0.5)
    compiled(int([3]), 0.5)
    expect(count.runs).toBe(4)
    compiled(tensor([3, 4]), 0.25)
    expect(count.runs).toBe(4)
  })

  it('tells arguments apart by lists, records and what is the same tensor', () => {
    const { compiled, count } = counted((x: unknown) => Object.keys(x as object).length)
    const [a, b] = [tensor([1]), tensor([2])]
    const kinds = [
      [a, b],
      [b, b],
      [a],
      { a, b },
      { b: a, a: b },
      { a },
      [a, [b]],
      [a, 1],
      [a, true],
      [a, false],
      [a, 'a'],
    ]
    for (const kind of kinds) expect(compiled(kind)).toBe(Object.keys(kind).length)
    expect(count.runs).toBe(kinds.length)
    for (const kind of kinds) compiled(kind)
    expect(count.runs).toBe(kinds.length)
  })

  it('differentiates towards a tensor that is given twice', () => {
    const product = compile((x: Tensor, y: Tensor) => gradients(x.mul(y).sum(), [x])[0])
    const [a, b] = [tensor([3]), tensor([5])]
    expect(bits(product(a, b))).toEqual([5])
    expect(bits(product(a, a))).toEqual([6])
  })

  it('adapts numbers to the dtype beside them', () => {
    const add = compile((x: Tensor, n: Operand) => x.add(n))
    expect(add(int([1]), 2).dtype).toBe('int32')
    expect(add(int([1]), 2.5).dtype).toBe('float32')
    expect(add(tensor([1], { dtype: 'float16' }), 2).dtype).toBe('float16')
    expect(bits(add(tensor([1], { dtype: 'float16' }), 0.1))).toEqual(bits(tensor([1], { dtype: 'float16' }).add(0.1)))
    const byte = tensor([1], { dtype: 'uint8' })
    expect(bits(add(byte, 3))).toEqual([4])
    expect(() => add(byte, 300)).toThrow('add: 300 does not fit uint8')
    const both = compile((x: Tensor, n: Operand, m: Operand) => [x.mul(x.sub(n)), x.pow(m), x.div(n)])
    expect(both(tensor([2]), 0.3, 3).map(bits)).toEqual([
      bits(tensor([2]).mul(tensor([2]).sub(0.3))),
      [8],
      bits(tensor([2]).div(0.3)),
    ])
  })

  it('gives back arguments, numbers, captured tensors and what is no tensor as they are', () => {
    const captured = tensor([7])
    const all = compile((x: Tensor, n: number, s: string) => ({ x, n, s, captured, list: [x, [n]], none: null }))
    const x = tensor([1])
    expect(all(x, 3, 'a')).toEqual({ x, n: 3, s: 'a', captured, list: [x, [3]], none: null })
    expect(all(x, 4, 'a')).toMatchObject({ n: 4, list: [x, [4]] })
    expect(all(x, 4, 'a').captured).toBe(captured)
  })

  it('keeps places that are static as they are', () => {
    const { runs } = { runs: [] as number[] }
    const sum = compile(
      (x: Tensor, dim: number) => {
        runs.push(dim)
        return x.sum({ dim })
      },
      { static: [1] },
    )
    const x = tensor([
      [1, 2],
      [3, 4],
    ])
    expect([sum(x, 0), sum(x, 1), sum(x, 0)].map(bits)).toEqual([
      [4, 6],
      [3, 7],
      [4, 6],
    ])
    expect(runs).toEqual([0, 1])
  })

  it('draws by keys and seeds that are arguments', () => {
    const draw = (key: RandomKey, seed: number, step: number) => {
      const [first, second] = splitKey(key)
      return [normal(first, [3]), uniform(foldIn(second, step), [3]), uniform(seed, [2]), uniform(foldIn(seed, 1), [2])]
    }
    const compiled = compile(draw)
    for (const [a, b, seed, step] of [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ])
      expect(compiled([a, b], seed, step).map(bits)).toEqual(draw([a, b], seed, step).map(bits))
    expect(() => compiled([-1, 2], 1, 1)).toThrow('splitKey: key must be a pair of uint32 numbers, got [-1, 2]')
  })

  it('computes arguments and captured tensors that have no value yet, captured ones once', () => {
    const captured = tensor([1, 2]).exp()
    const fn = (x: Tensor) => x.mul(captured)
    const compiled = compile(fn)
    const expected = bits(fn(tensor([3, 4]).add(1)))
    expect(bits(compiled(tensor([3, 4]).add(1)))).toEqual(expected)
    captured.dispose()
    expect(bits(compiled(tensor([3, 4]).add(1)))).toEqual(expected)
  })

  it('computes with the reference executor as well', () => {
    const compiled = compile((x: Tensor, n: Operand) => x.mul(n).sum())
    expect(compiled(tensor([1, 2]), 0.5).itemSync()).toBe(1.5)
    setExecutor('reference')
    expect(compiled(tensor([1, 2]), 1.5).itemSync()).toBe(4.5)
    setExecutor('wasm')
    expect(compiled(tensor([1, 2]), 2.5).itemSync()).toBe(7.5)
  })

  it('is the function itself inside of another compiled function', () => {
    const { compiled, count } = counted((x: Tensor) => x.mul(2))
    const outer = compile((x: Tensor) => compiled(x).add(1))
    expect([outer(tensor([1])), outer(tensor([2]))].map(bits)).toEqual([[3], [5]])
    expect(count.runs).toBe(1)
  })

  it('computes asynchronously, several calls one after the other', async () => {
    const state = new Parameter(tensor([1]))
    const next = compile((n: Operand) => {
      state.assign(state.value.mul(n))
      return state.value
    })
    const results = await Promise.all([next.async(2.5), next.async(3.5), next.async(4.5)])
    expect(state.value.itemSync()).toBe(2.5 * 3.5 * 4.5)
    expect(results).toHaveLength(3)
  })
})

describe('parameters in compiled functions', () => {
  const train = (w: Parameter, b: Parameter) => (x: Tensor, lr: Operand) => {
    const loss = x.matmul(w).add(b).square().mean()
    const grads = gradients(loss, [w, b])
    for (const [i, cell] of [w, b].entries()) cell.assign(cell.value.sub(grads[i].mul(lr)))
    return loss
  }
  const cells = () => [new Parameter(tensor([[1], [2]])), new Parameter(tensor([0.5]))] as const

  it('are read and assigned at each call, as without', () => {
    const [own, plain] = [cells(), cells()]
    const [compiled, step] = [compile(train(...own)), train(...plain)]
    for (let i = 0; i < 5; i++) {
      const x = normal(randomKey(i), [4, 2])
      expect(bits(compiled(x, 0.1 / (i + 1)))).toEqual(bits(step(x, 0.1 / (i + 1))))
      own.forEach((cell, k) => {
        expect(bits(cell.value)).toEqual(bits(plain[k].value))
      })
      for (const cell of [own[0], plain[0]]) cell.assign(cell.value.mul(0.5))
    }
  })

  it('run in constant memory', async () => {
    const own = cells()
    const compiled = compile(train(...own))
    const x = normal(randomKey(1), [4, 2])
    compiled(x, 0.1).dispose()
    compiled(x, 0.1).dispose()
    await settleMemory()
    const { live } = memory()
    for (let i = 0; i < 50; i++) compiled(x, 0.01).dispose()
    expect(memory().live).toBe(live)
  })

  it('are returned as they were before and after', () => {
    const cell = new Parameter(tensor([1]))
    const twice = compile(() => {
      const before = cell.value
      cell.assign(before.mul(2))
      const between = cell.value
      cell.assign(between.mul(3))
      return [before, between, cell.value]
    })
    expect(twice().map(bits)).toEqual([[1], [2], [6]])
    expect(twice().map(bits)).toEqual([[6], [12], [36]])
  })

  it('are arguments of one kind each', () => {
    const { compiled, count } = counted((cell: Parameter, x: Tensor) => x.mul(cell))
    const [a, b] = [new Parameter(tensor([2])), new Parameter(tensor([3]))]
    expect([compiled(a, tensor([5])), compiled(b, tensor([5])), compiled(a, tensor([7]))].map(bits)).toEqual([
      [10],
      [15],
      [14],
    ])
    expect(count.runs).toBe(2)
  })

  it('keep their values when a call fails', () => {
    const cell = new Parameter(tensor([1]))
    const pick = compile((index: Tensor) => {
      cell.assign(cell.value.add(1))
      return indexSelect(tensor([1, 2, 3]), 0, index)
    })
    expect(() => pick(int([5]))).toThrow('indexSelect: index 5 is out of range for dim 0 with size 3')
    expect(cell.value.itemSync()).toBe(1)
    expect(bits(pick(int([2])))).toEqual([3])
    expect(cell.value.itemSync()).toBe(2)
  })
})

describe('gradients through results of compiled functions', () => {
  const cell = new Parameter(tensor([2, 3]))
  const captured = tensor([0.5, 0.25])
  const fn = (x: Tensor, n: Operand) => x.mul(n).sin().mul(cell).mul(captured)
  const compiled = compile(fn)
  const x = tensor([0.3, 0.6])

  it('reach arguments, parameters and captured tensors', () => {
    const of = (f: typeof fn) => gradients(f(x, 0.7).sum(), [x, cell, captured]).map(bits)
    expect(of(compiled)).toEqual(of(fn))
  })

  it('have the numbers of their own call', () => {
    const [first, second] = [compiled(x, 0.7), compiled(x, 0.9)]
    expect(bits(gradients(first.sum(), [x])[0])).toEqual(bits(gradients(fn(x, 0.7).sum(), [x])[0]))
    expect(bits(gradients(second.sum(), [x])[0])).toEqual(bits(gradients(fn(x, 0.9).sum(), [x])[0]))
  })

  it('can be differentiated again', () => {
    const second = (f: typeof fn) => {
      const [first] = gradients(f(x, 0.7).sum(), [x])
      return bits(gradients(first.square().sum(), [x])[0])
    }
    expect(second(compiled)).toEqual(second(fn))
  })

  it('pass valueAndGrad, checkpoint and results that build on one another', () => {
    const of = (f: typeof fn) => bits(valueAndGrad((y: Tensor) => f(f(y, 0.7), 0.8).sum())(x).grads[0])
    expect(of(compiled)).toEqual(of(fn))
    const again = checkpoint((y: Tensor) => compiled(y, 0.7))
    expect(bits(gradients(again(x).sum(), [x])[0])).toEqual(bits(gradients(fn(x, 0.7).sum(), [x])[0]))
  })

  it('are zero for results that are no floats or depend on none', () => {
    const pair = compile((y: Tensor) => [y.greater(0.5), int([1]).add(1)])
    const [larger, number] = pair(x)
    expect([bits(larger), bits(number)]).toEqual([[0, 1], [2]])
    expect(bits(gradients(larger.cast('float32').sum(), [x])[0])).toEqual([0, 0])
  })
})

describe('memory of compiled functions', () => {
  it('frees what a call makes but its results', async () => {
    const compiled = compile((x: Tensor) => [x.exp(), x.exp().sum()])
    const x = tensor([1, 2, 3])
    for (const y of compiled(x)) y.dispose()
    await settleMemory()
    const { live } = memory()
    const results = compiled(x)
    expect(memory().live - live).toBe(16)
    for (const y of results) y.dispose()
    expect(memory().live).toBe(live)
    scope(() => {
      compiled(x)
    })
    expect(memory().live).toBe(live)
  })

  it('runs in constant memory where each call builds on the one before', async () => {
    const compiled = compile((x: Tensor) => x.mul(1.001))
    let x = tensor([1, 2, 3, 4])
    const run = (count: number) => {
      for (let i = 0; i < count; i++) {
        const next = compiled(x)
        x.dispose()
        x = next
      }
    }
    run(300)
    await settleMemory()
    const { live } = memory()
    run(600)
    expect(memory().live).toBeLessThan(live + 200 * 16)
  })

  it('lets go of captured tensors when it is disposed of', async () => {
    await settleMemory()
    const { live } = memory()
    const captured = tensor([1, 2, 3]).mul(2)
    const { compiled, count } = counted((x: Tensor) => x.add(captured))
    scope(() => {
      compiled(tensor([1, 2, 3]))
    })
    captured.dispose()
    compiled.dispose()
    await settleMemory()
    expect(memory().live).toBeLessThanOrEqual(live)
    expect(count.runs).toBe(1)
    expect(() => compiled(tensor([1, 2, 3]))).toThrow('add: tensor used after dispose (created by mul [3])')
    expect(count.runs).toBe(2)
  })

  it('disposes of results apart from arguments', () => {
    const same = compile((x: Tensor) => x.add(1))
    const x = tensor([1])
    same(x).dispose()
    expect(bits(x)).toEqual([1])
    x.dispose()
    expect(() => same(x)).toThrow('compile: tensor used after dispose (created by tensor [1])')
  })
})

describe('mistakes', () => {
  it('are named where they are made', () => {
    expect(() => compile(3 as never)).toThrow('compile: fn must be a function, got number 3')
    const fn = (x: Tensor) => x
    for (const options of [3, { static: 1 }, { static: [-1] }, { static: [0.5] }])
      expect(() => compile(fn, options as never)).toThrow('compile: static must be a list of places of arguments')
  })

  it.each<[string, (x: Tensor, n: number) => unknown, string]>([
    ['a read', x => x.sum().itemSync(), 'item: cannot read a tensor inside of a compiled function'],
    ['a promise', async x => x.mul(2), 'compile: fn must not be asynchronous'],
    ['a new parameter', x => new Parameter(x), 'Parameter: cannot be made inside of a compiled function'],
    [
      'arithmetic with a number argument',
      (x, n) => x.mul(n * 2),
      'compile: a number argument is a tensor inside of the function; compute with ops, or name its place in `static`',
    ],
  ])('%s is refused', (_, fn, message) => {
    const compiled = compile(fn)
    for (let i = 0; i < 2; i++) expect(() => compiled(tensor([1, 2]), 3)).toThrow(message)
  })

  it('refuses an asynchronous read within the function', async () => {
    const reads: Promise<unknown>[] = []
    compile((x: Tensor) => reads.push(x.add(1).data()))(tensor([1]))
    await expect(reads[0]).rejects.toThrow('data: cannot read a tensor inside of a compiled function')
  })

  it('refuses arguments that could change unnoticed, and circles', () => {
    const compiled = compile((_: unknown) => 1)
    expect(() => compiled(new Float32Array(2))).toThrow('compile: arguments must hold tensors in place of typed arrays')
    const circle: unknown[] = []
    circle.push(circle)
    expect(() => compiled(circle)).toThrow('compile: an argument must not contain itself')
  })

  it('leaves nothing behind when the function throws', () => {
    const cell = new Parameter(tensor([1]))
    let fails = true
    const compiled = compile((x: Tensor) => {
      cell.assign(cell.value.add(x))
      if (fails) throw new Error('not yet')
      return cell.value
    })
    expect(() => compiled(tensor([1]))).toThrow('not yet')
    expect(cell.value.itemSync()).toBe(1)
    fails = false
    expect(bits(compiled(tensor([1])))).toEqual([2])
  })
})
