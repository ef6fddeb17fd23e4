import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { settleMemory } from '../__fixtures__/memory.ts'
import {
  defineOp,
  gradients,
  layerNorm,
  matmul,
  memory,
  normal,
  Parameter,
  randomKey,
  realize,
  SurprisalError,
  scope,
  setDeterministic,
  setExecutor,
  setThreads,
  sub,
  type Tensor,
  tensor,
  threadUse,
  uniform,
  zeros,
} from '../index.ts'
import { registerReference } from '../reference.ts'
import { compiledCounts } from '../runtime.ts'

const data = (x: Tensor) => Array.from(x.dataSync())
const int = (values: number[]) => tensor(values, { dtype: 'int32' })

registerReference()
afterEach(() => setExecutor('wasm'))

describe('plans and kernels', () => {
  const step = (n: number, seed: number, rate: number): number[] => {
    const x = normal(randomKey(seed), [n, 24])
    x.dataSync()
    return data(layerNorm(x.mul(rate), [24]).softmax().sum({ dim: 0 }))
  }

  it('are compiled once for a structure, whatever the values and numbers', () => {
    step(7, 1, 0.3)
    const before = compiledCounts()
    step(7, 2, 0.7)
    expect(compiledCounts()).toEqual(before)
  })

  it('serve other sizes without compiling kernels', () => {
    step(7, 1, 0.3)
    const { kernels } = compiledCounts()
    step(9, 1, 0.3)
    expect(compiledCounts().kernels).toBe(kernels)
  })
})

describe('the plan cache', () => {
  const seeds = tensor([1, 2, 3, 4, 5, 6, 7, 8])
  /** A structure of its own for every number. */
  const compute = (structure: number): void => {
    let x = seeds
    for (let bit = structure + 512; bit > 1; bit >>= 1) x = bit % 2 === 1 ? x.neg() : x.abs()
    x.dataSync()
  }

  it('keeps the 256 plans that were used last', () => {
    for (let i = 0; i < 256; i++) compute(i)
    const full = compiledCounts().plans
    expect(full).toBe(256)
    compute(0)
    const { plans, misses } = compiledCounts()
    expect(plans).toBe(full)
    for (let i = 256; i < 300; i++) compute(i)
    expect(compiledCounts()).toMatchObject({ plans: full, misses: misses + 44 })
    compute(0)
    expect(compiledCounts().misses).toBe(misses + 44)
    compute(1)
    expect(compiledCounts().misses).toBe(misses + 45)
  })
})

describe('threads', () => {
  afterAll(() => {
    setThreads(2)
    setDeterministic(false)
  })

  it('give the same bits in any number, with and without fused multiply-add for sums', () => {
    const x = normal(randomKey(3), [300, 700])
    const w = normal(randomKey(4), [700, 130])
    const run = () => [
      x.matmul(w),
      x.softmax(),
      x.sum(),
      x.square().sum({ dim: 0 }),
      x.transpose(0, 1).tanh(),
      x.argmax({ dim: 1 }),
    ]
    const bits = [1, 2, 3].map(count => {
      setThreads(count)
      return run().map(y => data(y))
    })
    expect(bits[1]).toEqual(bits[0])
    expect(bits[2]).toEqual(bits[0])
    setDeterministic(true)
    const plain = run().map(y => data(y))
    plain.forEach((values, i) => {
      values.forEach((value, j) => {
        expect(Math.abs(value - bits[0][i][j])).toBeLessThanOrEqual(1e-4 * (1 + Math.abs(value)))
      })
    })
  })

  it('take part in kernels of any size where they are eager, with the same bits', () => {
    const run = () => data(uniform(randomKey(5), [40, 6]).softmax().sum({ dim: 0 }).exp())
    setThreads(1)
    const bits = run()
    expect(threadUse()).toEqual({ threads: 1, helped: 0 })
    setThreads(2, { eager: true })
    const limit = performance.now() + 10_000
    while (threadUse().helped === 0 && performance.now() < limit) expect(run()).toEqual(bits)
    expect(threadUse().threads).toBe(2)
    expect(threadUse().helped).toBeGreaterThan(0)
    setThreads(2)
    expect(run()).toEqual(bits)
    expect(threadUse()).toEqual({ threads: 1, helped: 0 })
  })

  it('give the event loop its turns in the middle of a kernel', async () => {
    setThreads(2)
    const x = uniform(randomKey(6), [2000, 2000])
    await x.data()
    const product = x.matmul(x)
    let turns = 0
    const count = setInterval(() => {
      turns += 1
    }, 1)
    const started = performance.now()
    await product.data()
    clearInterval(count)
    const milliseconds = performance.now() - started
    expect(threadUse().threads).toBe(2)
    expect(turns).toBeGreaterThanOrEqual(Math.floor(milliseconds / 60))
  })

  it('are between 1 and 16', () => {
    for (const count of [0, 1.5, 17, '2' as never]) expect(() => setThreads(count)).toThrow('setThreads: count must be')
    expect(() => setDeterministic(1 as never)).toThrow('setDeterministic: on must be a boolean, got number 1')
  })
})

describe('wrong values', () => {
  it('are reported by the read, which leaves nothing behind', async () => {
    await settleMemory()
    const x = normal(randomKey(1), [4, 3])
    await realize(x)
    const index = int([0, 1, 3, 0]).reshape([4, 1])
    await realize(index)
    const before = memory().live
    const wrong = x.gather(1, index).mul(2)
    const error = new SurprisalError('index', 'gather: index 3 is out of range for dim 1 with size 3')
    expect(() => wrong.dataSync()).toThrow(error)
    await expect(wrong.data()).rejects.toThrow(error)
    expect(memory().live).toBe(before)
    expect(data(x.gather(1, zeros([4, 1]).cast('int32')))).toEqual(data(x.slice(1, { start: 0, end: 1 })))
  })
})

describe('memory', () => {
  /** One step of gradient descent; gives its loss. */
  const trainer = () => {
    const w = new Parameter(normal(randomKey(5), [64, 64]).mul(0.1))
    const x = normal(randomKey(6), [32, 64])
    return () => {
      const loss = matmul(x, w).square().mean()
      const [grad] = gradients(loss, [w])
      w.assign(sub(w, grad.mul(0.01)))
      return loss
    }
  }

  it('stays constant in a loop that awaits its losses', async () => {
    const step = trainer()
    let arena = 0
    for (let i = 0; i < 2000; i++) {
      await step().item()
      if (i === 200) arena = memory().arena
    }
    expect(memory().arena).toBe(arena)
  })

  it('stays constant in a synchronous loop within scopes', () => {
    const step = trainer()
    let live = 0
    for (let i = 0; i < 500; i++) {
      scope(() => step().itemSync())
      if (i === 50) live = memory().live
    }
    expect(memory().live).toBeLessThanOrEqual(live * 1.05)
  })

  it('refuses more than the address space with the bytes that there are', () => {
    const parts = () => zeros([2 ** 30 - 1]).add(1)
    expect(() => scope(() => realizeSync(parts(), parts()))).toThrow(SurprisalError)
  })

  function realizeSync(...tensors: Tensor[]): void {
    for (const x of tensors) x.dataSync()
  }
})

describe('reads', () => {
  it('inside of an op are refused', () => {
    const other = tensor([1]).add(1)
    const nosy = defineOp({
      name: 'nosy',
      infer: ([x]) => [x],
      reference: ([x], [out]) => {
        out.set(x.data)
        other.dataSync()
      },
    })
    expect(() => nosy([tensor([1])])[0].dataSync()).toThrow(
      "data: cannot read a tensor inside of an evaluation (in an op's own routine)",
    )
    expect(data(other)).toEqual([2])
  })

  it('at the same time are done one after the other', async () => {
    const x = uniform(randomKey(9), [256, 256])
    const results = await Promise.all([1, 2, 3].map(k => x.matmul(x).mul(k).sum().item() as Promise<number>))
    expect(results[1]).toBeCloseTo(2 * results[0], -1)
    expect(results[2]).toBeCloseTo(3 * results[0], -1)
  })

  it('in step finish what an asynchronous one has begun', async () => {
    const x = uniform(randomKey(9), [600, 600])
    const y = x.matmul(x).matmul(x).matmul(x).matmul(x).matmul(x).matmul(x)
    const later = y.sum().data()
    const now = y.mean().itemSync()
    expect((await later)[0] / 360_000).toBeCloseTo(now as number, -12)
  })

  it('go from one executor to the other', () => {
    setExecutor('reference')
    const x = tensor([1, 2], { dtype: 'float16' }).mul(1.5)
    x.dataSync()
    setExecutor('wasm')
    const y = x.add(0.25)
    expect(data(y)).toEqual([1.75, 3.25])
    setExecutor('reference')
    expect(data(y.mul(2))).toEqual([3.5, 6.5])
  })
})
