import { gradcheck, toBeAllclose } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import {
  checkpoint,
  customGradient,
  defineOp,
  detach,
  gradients,
  Parameter,
  realize,
  SurprisalError,
  stopGradient,
  type Tensor,
  tensor,
} from '../index.ts'

const list = (x: Tensor) => Array.from(x.dataSync())
const x = tensor([0.5, -1.2, 2])

/** Gradients of the sum of `fn` and of the sum of squares of these. */
function twoOrders(fn: () => Tensor, params: readonly (Tensor | Parameter)[]): number[][] {
  const first = gradients(fn().sum(), params)
  const energy = first.map(grad => grad.square().sum()).reduce((a, b) => a.add(b))
  return [...first, ...gradients(energy, params)].map(list)
}

/** Equal but for the order in which second-order terms are added. */
function expectSame(got: number[][], wanted: number[][]): void {
  got.forEach((row, i) => {
    const { pass, message } = toBeAllclose(row, wanted[i], { rtol: 1e-6, atol: 1e-12 })
    expect(pass, message()).toBe(true)
  })
}

describe('stopGradient', () => {
  it('has the same values and no gradient', () => {
    expect(list(stopGradient(x))).toEqual(list(x))
    expect(gradients(stopGradient(x).sum(), [x], { allowUnused: true })).toEqual([null])
    expect(list(gradients(x.mul(stopGradient(x)).sum(), [x])[0])).toEqual(list(x))
  })

  it('is known as detach, and takes parameters and integers', () => {
    expect(detach).toBe(stopGradient)
    expect(list(new Parameter(x).value.detach())).toEqual(list(x))
    expect(list(stopGradient(tensor([1, 2], { dtype: 'int32' })))).toEqual([1, 2])
  })

  it('refuses what is no tensor', () => {
    expect(() => stopGradient(1 as never)).toThrow(
      new SurprisalError('argument', 'stopGradient: x must be a tensor, got number 1'),
    )
  })
})

describe('customGradient', () => {
  const double = customGradient(
    y => y.mul(2),
    dy => [dy.mul(10)],
  )

  it('takes the value of forward and the gradient of backward', () => {
    expect(list(double(x))).toEqual(list(x.mul(2)))
    expect(list(gradients(double(x).sum(), [x])[0])).toEqual([10, 10, 10])
    expect(list(gradients(double(x.mul(3)).square().sum(), [x])[0])).toEqual(
      list(x.mul(3).mul(2).mul(2).mul(10).mul(3)),
    )
  })

  it('gives backward the inputs and the output', () => {
    const exponential = customGradient(
      y => y.exp(),
      (dy, _xs, y) => [dy.mul(y)],
    )
    gradcheck(exponential, [x], { order: 2 })
  })

  it('differentiates the output by the rule and not by the graph that it replaces', () => {
    const opaqueExp = defineOp({
      name: 'opaqueExp',
      infer: ([y]) => [y],
      reference: ([y], [out]) => {
        for (let i = 0; i < out.length; i++) out[i] = Math.exp(y.data[i])
      },
    })
    const exponential = customGradient(
      y => opaqueExp([y])[0],
      (dy, _xs, y) => [dy.mul(y)],
    )
    gradcheck(exponential, [x], { order: 2 })
  })

  it('passes null on as no gradient and integers without one', () => {
    const pick = customGradient(
      (y, index) => y.indexSelect(0, index),
      (dy, [y]) => [dy.sum().expand(y.shape), null],
    )
    const index = tensor([1, 1], { dtype: 'int32' })
    expect(list(gradients(pick(x, index).sum(), [x])[0])).toEqual([2, 2, 2])
    const none = customGradient(
      y => y.mul(2),
      () => [null],
    )
    expect(gradients(none(x).sum(), [x], { allowUnused: true })).toEqual([null])
  })

  it('reaches parameters', () => {
    const cell = new Parameter(x)
    expect(list(gradients(double(cell).sum(), [cell])[0])).toEqual([10, 10, 10])
  })

  it.each([
    [() => [], 'customGradient: gradient must return 1 gradients, got 0'],
    [(dy: Tensor) => [dy, dy], 'customGradient: gradient must return 1 gradients, got 2'],
    [(dy: Tensor) => [dy.sum()], 'customGradient: gradient 0 must have shape [3], got []'],
  ])('refuses a backward of another number or shape', (backward, message) => {
    const wrong = customGradient(y => y.mul(1), backward)
    expect(() => gradients(wrong(x).sum(), [x])).toThrow(message)
  })

  it.each([
    [undefined, 'customGradient: gradient must return a list of tensors and nulls'],
    [[3], 'customGradient: gradient 0 must be a tensor or null, got number'],
  ])('refuses a backward that gives %j', (grads, message) => {
    const wrong = customGradient(
      y => y.mul(1),
      () => grads as never,
    )
    expect(() => gradients(wrong(x).sum(), [x])).toThrow(new SurprisalError('argument', message))
  })

  it('refuses what is no function, and functions that give no tensor', () => {
    const refused = (text: string) => new SurprisalError('argument', text)
    expect(() => customGradient(3 as never, () => [])).toThrow(
      refused('customGradient: forward must be a function, got number 3'),
    )
    expect(() =>
      customGradient(
        () => 3 as never,
        () => [],
      )(x),
    ).toThrow(refused('customGradient: the result of forward must be a tensor, got number 3'))
    expect(() => checkpoint(() => [x] as never)()).toThrow(
      refused('checkpoint: the result of fn must be a tensor, got an array of 1'),
    )
  })

  it('names the input that is no tensor', () => {
    expect(() => double(null as never)).toThrow(
      new SurprisalError('argument', 'customGradient: input 0 must be a tensor, got null'),
    )
  })
})

describe('checkpoint', () => {
  const w = new Parameter(tensor([1.5, 0.5, -1]))
  const layer = (y: Tensor) =>
    y
      .mul(w)
      .tanh()
      .mul(tensor([1, 2, 3]))
      .square()

  it('equals the function, with captured parameters and leaves, to the second order', () => {
    const plain = twoOrders(() => layer(layer(x)), [x, w])
    const saved = checkpoint(layer)
    expectSame(
      twoOrders(() => saved(saved(x)), [x, w]),
      plain,
    )
    expectSame(
      twoOrders(() => checkpoint(() => layer(layer(x)))(), [x, w]),
      plain,
    )
    gradcheck(y => checkpoint((z: Tensor) => z.exp().mul(z))(y), [x], { order: 2 })
  })

  it('counts each way to an input once when inputs depend on one another', () => {
    const run = (wrap: typeof checkpoint) => () => {
      const h = x.square()
      return wrap((a: Tensor, b: Tensor) => a.mul(b).mul(h))(h, x)
    }
    const plain = twoOrders(run(((fn: unknown) => fn) as typeof checkpoint), [x])
    expectSame(twoOrders(run(checkpoint), [x]), plain)
  })

  it('computes the inside again in the backward pass', async () => {
    let calls = 0
    const counted = defineOp({
      name: 'counted',
      infer: ([y]) => [y],
      reference: ([y], [out]) => {
        calls += 1
        out.set(y.data)
      },
      gradient: ([dy]) => [dy],
    })
    const inside = (y: Tensor) => counted([y])[0].square()
    const loss = checkpoint(inside)(x).sum()
    await realize(loss, ...gradients(loss, [x]))
    expect(calls).toBe(2)
    calls = 0
    const plain = inside(x).sum()
    await realize(plain, ...gradients(plain, [x]))
    expect(calls).toBe(1)
  })

  it('works when the value was read before', () => {
    const plain = twoOrders(() => layer(x), [x, w])
    const output = checkpoint(layer)(x)
    output.dataSync()
    expectSame(
      twoOrders(() => output, [x, w]),
      plain,
    )
  })

  it('works when something inside was read', () => {
    const inside = (y: Tensor) => {
      const kept = stopGradient(y.relu())
      const order = y.argsort()
      kept.dataSync()
      order.dataSync()
      return y.mul(kept).indexSelect(0, order)
    }
    expectSame(
      twoOrders(() => checkpoint(inside)(x), [x]),
      twoOrders(() => inside(x), [x]),
    )
  })

  it('keeps what stops gradients', () => {
    const inside = (y: Tensor) => y.mul(stopGradient(y)).add(y)
    expect(list(gradients(checkpoint(inside)(x).sum(), [x])[0])).toEqual(list(x.add(1)))
  })

  it('returns a tensor made before as it is', () => {
    expect(checkpoint(() => x)()).toBe(x)
    const y = checkpoint((z: Tensor) => z.reshape([3]))(x)
    expect(list(gradients(y.sum(), [x])[0])).toEqual([1, 1, 1])
  })

  it('takes arguments that are no tensors', () => {
    const power = checkpoint((y: Tensor, n: number, { shift }: { shift: number }) => y.pow(n).add(shift))
    expect(list(power(tensor([2, 3]), 2, { shift: 1 }))).toEqual([5, 10])
  })

  it('takes a deep function', () => {
    const deep = (y: Tensor) => {
      let z = y
      for (let i = 0; i < 20_000; i++) z = z.add(1)
      return z.square()
    }
    const y = tensor([0])
    expect(gradients(checkpoint(deep)(y).sum(), [y])[0].itemSync()).toBe(40_000)
  })
})
