import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import {
  arange,
  explain,
  gradients,
  layerNorm,
  normal,
  ones,
  randomKey,
  realize,
  rmsNorm,
  setExecutor,
  stack,
  stopGradient,
  type Tensor,
  tensor,
  uniform,
  zeros,
} from '../index.ts'
import { registerReference } from '../reference.ts'
import { nodeOf } from '../tensor.ts'
import { planSteps } from './steps.ts'
import { trace } from './trace.ts'

const node = (x: Tensor) => nodeOf(x, 'test')
const traced = (...targets: Tensor[]) => trace(targets.map(node))
const plan = (...targets: Tensor[]) => planSteps(traced(...targets), () => true)
const kinds = (...targets: Tensor[]) => explain(...targets).groups.map(group => group.kind)
const leaf = (shape: number[], seed = 0): Tensor => {
  const x = normal(randomKey(seed), shape)
  x.dataSync()
  return x
}
const list = (x: Tensor) => Array.from(x.dataSync())

registerReference()
afterEach(() => setExecutor('wasm'))

describe('trace', () => {
  const keyOf = (x: Tensor) => Array.from(traced(x).key)

  it('is the same for the same structure over other values, numbers and random keys', () => {
    const build = (x: Tensor, factor: number, seed: number) =>
      x
        .mul(factor)
        .add(uniform(randomKey(seed), [3]))
        .exp()
    expect(keyOf(build(tensor([1, 2, 3]), 0.3, 1))).toEqual(keyOf(build(tensor([4, 5, 6]), 7, 2)))
  })

  it('tells shapes, dtypes, functions, views and plain numbers apart', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ])
    const others = [
      x.mul(0.3),
      x.mul(2),
      x.mul(0),
      x.mul(-0),
      x.mul(Number.NaN),
      x.add(0.3),
      x.mul(x),
      x.transpose(0, 1).mul(0.3),
      x.cast('int32').mul(3),
      tensor([1, 2]).mul(0.3),
      x.sum({ dim: 0 }),
      x.sum({ dim: 1 }),
    ]
    expect(new Set(others.map(y => keyOf(y).join())).size).toBe(others.length)
  })

  it('skips rules and follows chains of any length', () => {
    const x = tensor([1])
    expect(traced(stopGradient(x.exp())).nodes.map(({ primitive }) => primitive.kind)).toEqual(['leaf', 'unary'])
    let y = x
    for (let i = 0; i < 15_000; i++) y = y.neg()
    expect(traced(y).nodes).toHaveLength(15_001)
  })
})

describe('fusion', () => {
  const x = leaf([32, 64])

  it.each([
    ['softmax', () => x.softmax()],
    ['logSoftmax', () => x.logSoftmax()],
    ['logsumexp', () => x.logsumexp({ dim: 1 })],
    ['layerNorm', () => layerNorm(x, [64], leaf([64], 1), leaf([64], 2))],
    ['rmsNorm', () => rmsNorm(x, [64], leaf([64], 1))],
    ['var', () => x.var({ dim: 1 })],
    ['cosine normalisation', () => x.div(x.norm({ dim: 1, keepdim: true }))],
  ] as const)('%s is one kernel over rows', (_name, build) => {
    expect(kinds(build())).toEqual(['rows'])
  })

  it('picks one log-probability of a row without storing the others, in two kernels with the gradient', () => {
    const index = zeros([32, 1]).cast('int32')
    const loss = (y: Tensor) => y.logSoftmax().gather(1, index).neg().mean()
    expect(kinds(loss(x))).toEqual(['rows', 'rows'])
    const value = loss(x)
    const plan = explain(value, gradients(value, [x])[0])
    expect(plan.groups).toHaveLength(2)
    expect(plan.temporaryBytes).toBeLessThan(32 * 64)
  })

  it('without it, every primitive is a kernel, and views are none', () => {
    const apart = planSteps(traced(x.exp().transpose(0, 1).add(1).sum(), x.exp().neg()), () => true, undefined, false)
    expect(apart.steps.map(({ kind, makes }) => [kind, apart.values[makes[0]].node.op]).sort()).toEqual([
      ['fused', 'add'],
      ['fused', 'exp'],
      ['fused', 'neg'],
      ['fused', 'sum'],
    ])
    expect(apart.steps.every(({ makes }) => makes.length === 1)).toBe(true)
    const product = planSteps(traced(x.matmul(leaf([64, 8])).add(1)), () => true, undefined, false)
    expect(product.steps.map(({ kind }) => kind)).toEqual(['single', 'fused'])
  })

  it('chains of elementwise functions are one kernel, whatever views lie between', () => {
    expect(kinds(x.exp().transpose(0, 1).add(1).reshape([64, 32]).tanh())).toEqual(['pointwise'])
    expect(kinds(x.reshape([2048]).slice(0, { start: 5 }).flip([0]).mul(3))).toEqual(['pointwise'])
  })

  it('a product is one kernel with the elementwise work that follows it', () => {
    expect(
      kinds(
        x
          .matmul(leaf([64, 8]))
          .add(leaf([8]))
          .gelu(),
      ),
    ).toEqual(['contract'])
    expect(kinds(x.transpose(0, 1).matmul(x))).toEqual(['contract'])
  })

  it('sums over leading dims go through columns', () => {
    expect(kinds(x.square().sum({ dim: 0 }).div(32))).toEqual(['columns'])
  })

  it('stores a costly value that two kernels need, and computes a cheap one again', () => {
    const costly = x.exp()
    const group = explain(costly.matmul(leaf([64, 2])), costly.sum({ dim: 0 })).groups
    expect(group.map(({ kind }) => kind).sort()).toEqual(['columns', 'contract', 'pointwise'])
    const cheap = x.add(1)
    expect(kinds(cheap.sum({ dim: 0 }), cheap.sum({ dim: 1 })).sort()).toEqual(['columns', 'rows'])
  })

  it('computes equal expressions once and keeps -0, 0 and NaN apart', () => {
    const y = x.exp().add(x.exp())
    expect(plan(y).steps[0].kind === 'fused' && explain(y).groups[0].ops).toEqual(['exp', 'add'])
    const zero = tensor([1])
    const [a, b] = [zero.mul(0).reciprocal(), zero.mul(-0).reciprocal()]
    expect(list(a.add(0))).toEqual([Number.POSITIVE_INFINITY])
    expect([...list(a), ...list(b)]).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
  })

  it('copies what rows would read against the grain', () => {
    const big = leaf([128, 256])
    expect(kinds(big.transpose(0, 1).softmax())).toEqual(['pointwise', 'rows'])
    expect(kinds(x.reshape([4, 8, 64]).permute([1, 0, 2]).reshape([8, 256]).softmax())).toEqual(['pointwise', 'rows'])
  })

  it('says why a value is in memory', () => {
    const product = x.matmul(leaf([64, 2]))
    const text = explain(product.exp(), product.sum({ dim: 1 })).toString()
    expect(text).toContain('contract [1, 32, 2]')
    expect(text).toContain('matmul: read by 2 kernels')
    expect(text).toContain('exp: asked for')
    expect(explain(x).groups).toEqual([])
  })
})

describe('what random programs have found', () => {
  it('a kernel never reads what it is still writing in another order', () => {
    const y = leaf([4, 4]).softmax()
    expect(list(y.add(y.transpose(0, 1)))).toEqual(list(y.transpose(0, 1).add(y)))
  })

  it('a lookup waits for all of what it looks into', () => {
    const x = leaf([3, 4])
    const y = x.sub(x.mean({ dim: 1, keepdim: true })).exp()
    const picked = y.gather(1, tensor([0, 1, 2], { dtype: 'int32' }).reshape([3, 1]))
    const both = [y.div(picked), picked]
    expect(list(both[0].gather(1, tensor([0, 1, 2], { dtype: 'int32' }).reshape([3, 1])))).toEqual([1, 1, 1])
  })

  it('a gather along a dim of one position reads that one', () => {
    const x = leaf([1, 10, 1])
    const index = zeros([2, 1, 1]).cast('int32')
    expect(list(x.exp().gather(0, index))).toEqual(list(x.exp().slice(1, { end: 1 }).expand([2, 1, 1])))
  })

  it('random numbers stay out of what follows on a sum of columns', () => {
    const p = () => leaf([2, 4]).sum({ dim: 0 }).sigmoid().mul(0).add(0.5)
    expect(list(uniform(randomKey(3), [4]).less(p()))).toEqual(list(uniform(randomKey(3), [4]).less(0.5)))
  })

  it('sums over more and over fewer elements of the same rows are not equal', async () => {
    const rows = tensor([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ])
    const [some, all] = [rows.slice(1, { end: 3 }).sum({ dim: 1 }), rows.sum({ dim: 1 })]
    await realize(some, all)
    expect([list(some), list(all)]).toEqual([
      [6, 18],
      [10, 26],
    ])
  })

  it('values of other widths do not share memory', () => {
    const x = tensor([0, 0, 0, 1, 1], { dtype: 'float16' })
    expect(list(stack(x, x).cast('float32').slice(0, { end: 1 }).matmul(x.cast('float32')))).toEqual([2])
  })
})

describe('any graph', () => {
  type Maker = (values: Tensor[], pick: (n: number) => number) => Tensor
  const shape = [5, 6]
  const makers: Maker[] = [
    (values, pick) => values[pick(values.length)].add(values[pick(values.length)]),
    (values, pick) => values[pick(values.length)].mul(values[pick(values.length)]),
    (values, pick) => values[pick(values.length)].tanh(),
    (values, pick) => values[pick(values.length)].mul(0.3).exp().minimum(4),
    (values, pick) => values[pick(values.length)].sum({ dim: 1, keepdim: true }).mul(0.1).expand(shape),
    (values, pick) => values[pick(values.length)].mean({ dim: 0, keepdim: true }).expand(shape),
    (values, pick) => values[pick(values.length)].max({ dim: pick(2), keepdim: true }).expand(shape),
    (values, pick) => values[pick(values.length)].softmax({ dim: pick(2) }),
    (values, pick) => values[pick(values.length)].transpose(0, 1).reshape(shape),
    (values, pick) => values[pick(values.length)].flip([pick(2)]),
    (values, pick) => values[pick(values.length)].matmul(arange(36).reshape([6, 6]).mul(0.01)),
  ]
  const build = (choices: readonly (readonly [number, number, number])[]): Tensor[] => {
    const values = [leaf(shape, 1), ones(shape)]
    for (const [kind, a, b] of choices) {
      const picks = [a, b]
      values.push(makers[kind % makers.length](values, n => (picks.shift() as number) % n))
    }
    return values
  }
  const choices = fc.array(fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100)), { minLength: 1, maxLength: 25 })

  it('is cut into steps whose operands are made before them, each value once', () => {
    fc.assert(
      fc.property(choices, fc.nat(100), (list, other) => {
        const values = build(list)
        const { steps, values: planned, outputs } = plan(values[values.length - 1], values[2 + (other % list.length)])
        const made = new Set<number>()
        for (const step of steps) {
          for (const need of step.needs)
            expect(made.has(need) || ['leaf', 'number'].includes(planned[need].role)).toBe(true)
          for (const value of step.makes) {
            expect(made.has(value)).toBe(false)
            made.add(value)
          }
        }
        for (const output of outputs) expect(made.has(output)).toBe(true)
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  it('gives what plain loops give', async () => {
    await fc.assert(
      fc.asyncProperty(choices, fc.nat(100), async (chosen, other) => {
        const results: number[][] = []
        for (const executor of ['wasm', 'reference']) {
          setExecutor(executor)
          const values = build(chosen)
          const targets = [values[values.length - 1], values[2 + (other % chosen.length)]]
          await realize(targets)
          results.push(targets.flatMap(list))
        }
        results[0].forEach((value, i) => {
          const wanted = results[1][i]
          if (Number.isFinite(wanted))
            expect(Math.abs(value - wanted)).toBeLessThanOrEqual(2e-4 * (1 + Math.abs(wanted)))
          else expect(value).toBe(wanted)
        })
      }),
      { seed: 2, numRuns: 150 },
    )
  })
})
