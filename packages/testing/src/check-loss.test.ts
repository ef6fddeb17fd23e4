import { customGradient, SurprisalError, type Tensor, where } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { checkLoss } from './check-loss.ts'
import { defineLoss, type LossDescriptor } from './loss-contract.ts'

interface Options {
  reduction?: 'none' | 'sum' | 'mean'
  delta?: number
  ignoreIndex?: number
}

function reduced(perElement: Tensor, reduction = 'mean'): Tensor {
  if (reduction === 'none') return perElement
  return reduction === 'sum' ? perElement.sum() : perElement.mean()
}

function requireDelta(delta: number): void {
  if (!(delta > 0 && delta <= 10)) throw new SurprisalError('argument', `huber: delta must be in (0, 10], got ${delta}`)
}

const elements = (x: Tensor, y: Tensor, delta: number): Tensor => {
  const error = x.sub(y).abs()
  return where(error.less(delta), error.square().mul(0.5), error.sub(delta / 2).mul(delta))
}

function huber(x: Tensor, y: Tensor, { reduction, delta = 1 }: Options = {}): Tensor {
  requireDelta(delta)
  return reduced(elements(x, y, delta), reduction)
}

const good: LossDescriptor = defineLoss({
  name: 'huber',
  loss: huber,
  reference: ([x, y], _sizes, { delta }) =>
    x.reduce((sum, value, i) => {
      const error = Math.abs(value - y[i])
      return sum + (error < delta ? error ** 2 / 2 : delta * (error - delta / 2))
    }, 0) / x.length,
  inputs: [
    { name: 'predictions', dtype: 'float32', shape: 'N,D' },
    { name: 'targets', dtype: 'float32', shape: 'N,D' },
  ],
  options: { delta: { default: 1, min: 0, max: 10 } },
  differentiable: ['predictions', 'targets'],
  stable: true,
})

/** Cross entropy of class ids, some of which may be ignored. */
function classLoss(logits: Tensor, targets: Tensor, { reduction = 'mean', ignoreIndex = -100 }: Options = {}): Tensor {
  if (!Number.isInteger(ignoreIndex)) throw new SurprisalError('argument', 'classLoss: ignoreIndex must be whole')
  const kept = targets.notEqual(ignoreIndex)
  const ids = where(kept, targets, 0)
  const terms = logits.logSoftmax().gather(1, ids.unsqueeze(1)).squeeze({ dim: 1 }).neg().mul(kept.cast('float32'))
  if (reduction === 'none') return terms
  return reduction === 'sum' ? terms.sum() : terms.sum().div(kept.cast('float32').sum())
}

const classes: LossDescriptor = {
  name: 'classLoss',
  loss: classLoss,
  reference: ([logits, targets], { N, C }) => {
    let total = 0
    for (let n = 0; n < N; n++) {
      const row = Array.from(logits.slice(n * C, (n + 1) * C))
      total += Math.log(row.reduce((sum, x) => sum + Math.exp(x), 0)) - row[targets[n]]
    }
    return total / N
  },
  inputs: [
    { name: 'logits', dtype: 'float32', shape: 'N,C' },
    { name: 'targets', dtype: 'int32', shape: 'N' },
  ],
  options: { ignoreIndex: { default: -100 } },
  differentiable: ['logits'],
  stable: true,
}

const changed = (loss: (x: Tensor, y: Tensor, options?: Options) => Tensor, rest: Partial<LossDescriptor> = {}) => ({
  ...good,
  ...rest,
  loss: loss as LossDescriptor['loss'],
})

describe('checkLoss', () => {
  it('accepts losses that keep the contract', async () => {
    await checkLoss(good)
    await checkLoss(classes, { cases: 2 })
  })

  const x = { shape: [2], dtype: 'float32', data: [0, 3] } as const
  const y = { shape: [2], dtype: 'float32', data: [0, 0] } as const
  const vector = { name: 'far', call: 'huber', inputs: { x, y }, expect: { value: 1.25 }, tolerance: 0 } as const

  it('runs given vectors', async () => {
    await checkLoss(good, { cases: 1, vectors: [vector] })
    await expect(checkLoss(good, { cases: 1, vectors: [{ ...vector, expect: { value: 2 } }] })).rejects.toThrow(
      'checkLoss: huber\n  vector "far": {"status":"failed","problems":["value: expected 2, got 1.25"]}',
    )
  })

  const wrongGradient = customGradient(
    (a, b) => elements(a, b, 1),
    dy => [dy, dy.neg()],
  )
  const wrong: [string, LossDescriptor, string | RegExp][] = [
    [
      'its value',
      changed((a, b, options) => huber(a, b, options).mul(1.01)),
      /value on reference: expected [\d.]+, got [\d.]+\n.*value on wasm/,
    ],
    [
      'its gradient',
      changed((a, b, { delta = 1, reduction }: Options = {}) => {
        requireDelta(delta)
        return reduced(wrongGradient(a, b), reduction)
      }),
      'gradcheck: gradient of input 0',
    ],
    [
      "'sum'",
      changed((a, b, o) => (o?.reduction === 'sum' ? huber(a, b, o).mul(2) : huber(a, b, o))),
      "'sum' is not the sum of 'none'",
    ],
    [
      "'mean'",
      changed((a, b, o) => (o?.reduction === 'mean' ? huber(a, b, o).mul(2) : huber(a, b, o))),
      "'mean' is not the mean of 'none'",
    ],
    [
      "'none'",
      changed((a, b, o) => (o?.reduction === 'none' ? huber(a, b, { ...o, reduction: 'mean' }) : huber(a, b, o))),
      "'none' joins the losses of a batch",
    ],
    [
      'the order of the batch',
      changed((a, b, o) => huber(a, b, o).add(a.select(0, 0).select(0, 0).mul(0.1))),
      /order of the batch matters: [-\d.]+, [-\d.]+/,
    ],
    [
      "the order of 'none'",
      changed((a, b, o) => (o?.reduction === 'none' ? huber(a, b, o).sort({ dim: 0 }).values : huber(a, b, o))),
      "'none' does not follow the order of the batch",
    ],
    [
      'large inputs',
      changed((a, b, o) => huber(a, b, o).add(a.exp().sub(a.exp()).sum())),
      'not finite for inputs of the order of 1e4',
    ],
    [
      'an option below its range',
      changed((a, b, o) => huber(a, b, { ...o, delta: Math.max(0.1, o?.delta ?? 1) })),
      'delta = -1 is not refused',
    ],
    [
      'an option above its range',
      changed((a, b, o) => huber(a, b, { ...o, delta: Math.min(10, o?.delta ?? 1) })),
      'delta = 11 is not refused',
    ],
    [
      'an option that is NaN',
      changed((a, b, o) => huber(a, b, { ...o, delta: o?.delta || 1 })),
      'delta = NaN is not refused',
    ],
    [
      'the class of an error',
      changed((a, b, o) => {
        if ((o?.delta ?? 1) < 0) throw new RangeError('delta')
        return huber(a, b, o)
      }),
      'delta = -1 throws RangeError: delta',
    ],
    [
      'a call that breaks',
      changed(() => {
        throw new TypeError('x is undefined')
      }),
      'value throws TypeError: x is undefined\n  reduction throws TypeError: x is undefined',
    ],
    [
      'disposing its inputs',
      changed((a, b, o) => {
        const loss = huber(a, b, o)
        a.dispose()
        return loss
      }),
      'tensor used after dispose',
    ],
    [
      'rows that count though ignored',
      {
        ...classes,
        loss: ((a: Tensor, b: Tensor, o?: Options) => classLoss(a, b.maximum(0), o)) as LossDescriptor['loss'],
      },
      'the mean with an ignored row is not the mean of the others\n  an ignored row has a gradient',
    ],
  ]

  it.each(wrong)('catches a violation of %s', async (_, descriptor, message) => {
    await expect(checkLoss(descriptor, { cases: 2 })).rejects.toThrow(message)
  })

  it('says each thing once', async () => {
    const error = await checkLoss(
      changed((a, b, o) => (o?.reduction === 'sum' ? huber(a, b, o).mul(2) : huber(a, b, o))),
    ).catch((thrown: Error) => thrown)
    expect((error as Error).message).toBe("checkLoss: huber\n  'sum' is not the sum of 'none'")
  })

  it('refuses a shape of unknown letters', async () => {
    const inputs = [{ name: 'predictions', dtype: 'float32', shape: 'N,Q' } as const, good.inputs[1]]
    await expect(checkLoss({ ...good, inputs })).rejects.toEqual(
      new SurprisalError('argument', 'checkLoss: huber has a shape with the unknown letter Q'),
    )
  })

  it('draws each kind of number as it is declared', async () => {
    const seen: Record<string, number[]> = {}
    const spy = (name: string) => (a: Tensor, b: Tensor, mask: Tensor, o?: Options) => {
      seen[name] = Array.from(a.dataSync())
      seen[`${name} mask`] = Array.from(mask.dataSync())
      expect(mask.dtype).toBe('bool')
      return huber(a, b, o)
    }
    for (const domain of ['positive', 'unit', 'sign', 'probability', 'logProbability'] as const) {
      const mask = { name: 'mask', dtype: 'bool', shape: 'N' } as const
      const inputs = [{ ...good.inputs[0], domain }, good.inputs[1], mask]
      await checkLoss({ ...good, loss: spy(domain) as LossDescriptor['loss'], inputs, stable: false }, { cases: 1 })
    }
    expect(seen.positive.every(value => value > 0)).toBe(true)
    expect(seen.unit.every(value => value > 0 && value < 1)).toBe(true)
    expect(new Set(seen.sign.map(Math.abs))).toEqual(new Set([1]))
    expect(new Set(seen['sign mask']).size).toBeLessThanOrEqual(2)
    expect(seen.probability.slice(0, 5).reduce((a, b) => a + b)).toBeCloseTo(1, 5)
    expect(seen.logProbability.slice(0, 5).reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 5)
  })
})
