import { describe, expect, it } from 'vitest'
import { settleMemory } from '../__fixtures__/memory.ts'
import {
  checkpoint,
  defineOp,
  gradients,
  normal,
  ones,
  Parameter,
  randomKey,
  realize,
  SurprisalError,
  stopGradient,
  type Tensor,
  tensor,
} from '../index.ts'
import { nodeOf } from '../tensor.ts'
import { carriesGradient, openInputs, readsKept } from './history.ts'
import { pendingTargets } from './pending.ts'

const list = (x: Tensor) => Array.from(x.dataSync())
const node = (x: Tensor) => nodeOf(x, 'test')
const gone = (op: string, what: string, made: string) =>
  new SurprisalError(
    'disposed',
    `${op}: ${what} may lie behind ${made}, whose history was let go after 64 reads that build on it (pass what goes from step to step through stopGradient or a Parameter)`,
  )

/** `x` times 1.01 again and again, read at every step. */
function readChain(x: Tensor, steps: number): Tensor[] {
  const all = [x]
  for (let i = 0; i < steps; i++) {
    const next = (all.at(-1) as Tensor).mul(1.01)
    next.dataSync()
    all.push(next)
  }
  return all
}

describe('reads that build on one another', () => {
  it('keep gradients right up to 64 of them', () => {
    const x = tensor([2, 3])
    const end = readChain(x, readsKept).at(-1) as Tensor
    const [dx] = gradients(end.square().sum(), [x])
    list(dx).forEach((value, i) => {
      expect(value).toBeCloseTo(2 * (i + 2) * 1.01 ** (2 * readsKept), 3)
    })
  })

  it('then give an error for what lies too far back, and the right gradient for the rest', () => {
    const all = readChain(tensor([2]), 2 * readsKept)
    const loss = (all.at(-1) as Tensor).sum()
    expect(() => gradients(loss, [all[100], all[0]])).toThrow(gone('gradients', 'param 1', 'mul [1]'))
    expect(() => gradients(loss, [all[0]], { allowUnused: true })).toThrow('gradients: param 0 may lie behind')
    const [recent, last] = gradients(loss, [all[2 * readsKept - 60], all.at(-1) as Tensor])
    expect(recent.itemSync()).toBeCloseTo(1.01 ** 60, 5)
    expect(last.itemSync()).toBe(1)
  })

  it('leave the value where history ends a param like any other, with its number', () => {
    const all = readChain(tensor([2]), 2 * readsKept)
    const border = all[readsKept]
    expect(border.itemSync()).toBeCloseTo(2 * 1.01 ** readsKept, 4)
    expect(node(border).trimmed).toBe(true)
    expect(node(all[readsKept + 1]).trimmed).toBe(false)
    const [grad] = gradients((all.at(-1) as Tensor).sum(), [border])
    expect(grad.itemSync()).toBeCloseTo(1.01 ** readsKept, 5)
    expect(list(gradients(border.square().sum(), [border])[0])[0]).toBeCloseTo(2 * (border.itemSync() as number), 5)
  })

  it('do not disturb a param that the loss reaches by other ways only', () => {
    const [fresh, old] = [tensor([1]), tensor([3])]
    const state = stopGradient(readChain(fresh, 2 * readsKept).at(-1) as Tensor)
    expect(gradients(state.mul(old).sum(), [old])[0].itemSync()).toBeCloseTo(1.01 ** (2 * readsKept), 4)
  })

  it('stop a checkpoint whose inside has lost its history', () => {
    const x = tensor([2])
    const long = checkpoint((y: Tensor) => readChain(y, 2 * readsKept).at(-1) as Tensor)
    expect(() => long(x)).toThrow('checkpoint: what its gradient needs may lie behind mul [1]')
  })

  it('count one read for all that is computed in one plan', async () => {
    const x = tensor([1])
    const a = x.mul(2)
    const b = a.mul(2)
    await realize(a, b)
    expect([node(a).reads, node(b).reads]).toEqual([1, 1])
    expect(pendingTargets([node(b.add(1))]).reads).toBe(2)
    expect(pendingTargets([node(x)]).reads).toBe(1)
  })
})

describe('a training loop over plain tensors', () => {
  const data = normal(randomKey(3), [40, 50])
  const lossOf = (w: Tensor): Tensor => data.matmul(w).sub(1).square().mean()

  /** Steps of gradient descent on 200 bytes of weights. */
  function descend(start: Tensor, steps: number, read: (loss: Tensor, w: Tensor) => void): Tensor {
    let w = start
    for (let i = 0; i < steps; i++) {
      const loss = lossOf(w)
      w = w.sub(gradients(loss, [w])[0].mul(0.01))
      read(loss, w)
    }
    return w
  }

  it.each([
    ['the weights', (_: Tensor, w: Tensor) => void w.dataSync()],
    ['loss and weights', (loss: Tensor, w: Tensor) => void realize(loss, w)],
  ])('runs in constant memory by reading %s', async (_, read) => {
    let w = descend(ones([50, 1]), 2 * readsKept, read)
    const warm = await settleMemory()
    w = descend(w, 4 * readsKept, read)
    expect(await settleMemory()).toBeLessThanOrEqual(warm + (readsKept + 2) * 204)
    expect(node(w).reads).toBeLessThan(2 * readsKept)
  })

  it('gives the numbers of a loop over a parameter', async () => {
    const cell = new Parameter(ones([50, 1]))
    for (let i = 0; i < 150; i++) {
      const loss = lossOf(cell.value)
      cell.assign(cell.value.sub(gradients(loss, [cell])[0].mul(0.01)))
      await realize(cell)
    }
    const end = descend(ones([50, 1]), 150, (_, w) => void w.dataSync())
    expect(list(end)).toEqual(list(cell.value))
  })

  it('takes the gradient after the loss was read', () => {
    let w = ones([50, 1])
    for (let i = 0; i < 3 * readsKept; i++) {
      const loss = lossOf(w)
      loss.itemSync()
      w = w.sub(gradients(loss, [w])[0].mul(0.01))
      w.dataSync()
    }
    const end = descend(ones([50, 1]), 3 * readsKept, (_, next) => void next.dataSync())
    expect(list(w)).toEqual(list(end))
  })

  it('says what to do when the data are asked for the gradient of the whole run', () => {
    const end = descend(ones([50, 1]), 2 * readsKept, (_, w) => void w.dataSync())
    expect(() => gradients(lossOf(end), [data])).toThrow('gradients: param 0 may lie behind sub [50, 1]')
    expect(gradients(lossOf(stopGradient(end)), [data])[0].shape).toEqual([40, 50])
  })
})

describe('carriesGradient', () => {
  it('holds for what a gradient passes through and nothing else', () => {
    const opaque = defineOp({ name: 'opaque', infer: ([x]) => [x], reference: () => {} })
    const x = tensor([1, 2])
    const yes = [x.mul(2), x.sum(), x.gather(0, tensor([0], { dtype: 'int32' }))]
    const no = [x, ones([2]), x.argsort(), x.less(1), stopGradient(x), opaque([x])[0], x.argsort().cast('float32')]
    expect(yes.map(y => carriesGradient(node(y)))).toEqual([true, true, true])
    expect(no.map(y => carriesGradient(node(y)))).toEqual([false, true, false, false, false, false, false])
    expect(openInputs(node(opaque([x])[0]))).toEqual([])
  })

  it('lets go of the rest when it has been computed', () => {
    const order = tensor([3, 1]).argsort().cast('float32')
    expect(list(order)).toEqual([1, 0])
    expect([node(order).inputs, node(order).primitive.kind, node(order).trimmed]).toEqual([[], 'leaf', false])
    expect(list(gradients(order.square().sum(), [order])[0])).toEqual([2, 0])
  })
})
