import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  gradients,
  memory,
  normal,
  ones,
  Parameter,
  SurprisalError,
  type Tensor,
  tensor,
  zeros,
} from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { Adam, AdamW } from './adam.ts'
import { Lion } from './lion.ts'
import { Muon } from './muon.ts'
import type { Optimizer, ParameterGroup } from './optimizer.ts'
import { RMSprop } from './rmsprop.ts'
import { SGD } from './sgd.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const list = (x: Tensor | Parameter) => Array.from(('value' in x ? x.value : x).dataSync())
const cell = (...data: number[]) => new Parameter(tensor(data))
const error = (message: string) => new SurprisalError('argument', message)

const makers: [string, (params: readonly Parameter[] | readonly ParameterGroup[]) => Optimizer][] = [
  ['SGD', params => new SGD(params, { lr: 0.1 })],
  ['SGD with momentum', params => new SGD(params, { lr: 0.1, momentum: 0.9, dampening: 0.5, weightDecay: 0.1 })],
  ['RMSprop', params => new RMSprop(params, { momentum: 0.5 })],
  ['Adam', params => new Adam(params, { lr: 0.1, amsgrad: true, weightDecay: 0.1 })],
  ['AdamW', params => new AdamW(params, { lr: 0.1 })],
  ['Lion', params => new Lion(params, { lr: 0.1, weightDecay: 0.1 })],
]

describe('Optimizer', () => {
  it('moves each parameter by the gradient at its place', () => {
    const [a, b] = [cell(1, 2), cell(3)]
    const optimizer = new SGD([a, b], { lr: 1 })
    optimizer.step([tensor([0.5, 1]), tensor([2])])
    expect([list(a), list(b), optimizer.steps]).toEqual([[0.5, 1], [1], 1])
  })

  it('leaves alone what has no gradient or is frozen, and does not decay it', () => {
    const [a, b] = [cell(1), cell(1)]
    b.requiresGrad = false
    new AdamW([a, b], { weightDecay: 0.5 }).step([null, tensor([1])])
    expect([list(a), list(b)]).toEqual([[1], [1]])
  })

  it('counts the steps of each parameter for itself', () => {
    const [early, late] = [cell(0), cell(0)]
    const optimizer = new Adam([early, late], { lr: 0.1 })
    for (let step = 0; step < 5; step++) optimizer.step([tensor([3]), null])
    optimizer.step([null, tensor([3])])
    expect(list(late)[0]).toBeCloseTo(-0.1, 6)
    const dampened = cell(0)
    const sgd = new SGD([cell(0), dampened], { lr: 1, momentum: 0.9, dampening: 0.5 })
    sgd.step([tensor([1]), null])
    sgd.step([tensor([1]), tensor([1])])
    expect(list(dampened)).toEqual([-1])
  })

  it('takes groups with settings of their own', () => {
    const [a, b, c] = [cell(1), cell(1), cell(1)]
    const groups = [{ params: [a] }, { params: [b], lr: 0.5 }, { params: [c], lr: undefined, weightDecay: 1 }]
    const optimizer = new SGD(groups, { lr: 0.1 })
    optimizer.step([tensor([1]), tensor([1]), tensor([1])])
    expect([a, b, c].map(param => list(param)[0])).toEqual([0.9, 0.5, 0.8].map(x => expect.closeTo(x, 6)))
    expect(optimizer.params).toEqual([a, b, c])
  })

  it('takes the learning rate of a step before all others', () => {
    const [a, b] = [cell(1), cell(1)]
    new SGD([{ params: [a] }, { params: [b], lr: 5 }], { lr: 1 }).step([tensor([1]), tensor([1])], { lr: 0.25 })
    expect([list(a), list(b)]).toEqual([[0.75], [0.75]])
  })

  it.each([
    [() => new Adam([]), 'Adam: params must hold a parameter, got none'],
    [() => new Adam([{ params: [] }]), 'Adam: params must hold a parameter, got none'],
    [() => new Adam([tensor([1])] as never), 'Adam: params must hold parameters, got undefined'],
    [() => new Adam([{ params: [zeros([1])] }] as never), 'Adam: params must hold parameters, got an object Tensor'],
    [() => new Lion([cell(1)], { lr: -1 }), 'Lion: lr must be at least 0, got -1'],
    [() => new SGD([{ params: [cell(1)], lr: Number.NaN }]), 'SGD: lr must be at least 0, got NaN'],
    [() => new AdamW([cell(1)], { weightDecay: -0.1 }), 'AdamW: weightDecay must be at least 0, got -0.1'],
    [() => new Adam([cell(1)], { betas: [0.9, 1] }), 'Adam: betas must be in [0, 1), got 0.9, 1'],
    [() => new Adam([cell(1)], { eps: -1 }), 'Adam: eps must be at least 0, got -1'],
    [() => new RMSprop([cell(1)], { alpha: -1 }), 'RMSprop: alpha must be at least 0, got -1'],
    [
      () => new SGD([cell(1)], { nesterov: true }),
      'SGD: nesterov must go with momentum and no dampening, got momentum 0 and dampening 0',
    ],
  ])('refuses wrong settings', (make, message) => {
    expect(make).toThrow(error(message))
  })

  it('refuses the same parameter twice', () => {
    const a = cell(1)
    expect(() => new SGD([{ params: [cell(1), a] }, { params: [a] }])).toThrow(
      error('SGD: params must be distinct, got one at 1 and 2'),
    )
  })

  it.each([
    [[tensor([1])], 'SGD: grads must hold 2 entries, got 1'],
    [[tensor([1]), tensor([1])], 'SGD: gradient 0 must have shape [2], got [1]'],
    [[tensor([1, 2]), 3], 'SGD: gradient 1 must be a tensor, rows or null, got number 3'],
    [[tensor([1, 2]), undefined], 'SGD: gradient 1 must be a tensor, rows or null, got undefined'],
    [[tensor([1, 2]), { rows: tensor([0]) }], 'SGD: gradient 1 must be a tensor, rows or null, got an object Object'],
  ])('refuses gradients that do not fit, and moves nothing', (grads, message) => {
    const [a, b] = [cell(1, 2), cell(3)]
    const optimizer = new SGD([a, b], { lr: 1 })
    expect(() => optimizer.step(grads as never)).toThrow(message)
    expect([list(a), list(b), optimizer.steps]).toEqual([[1, 2], [3], 0])
  })

  it('refuses gradients that are not finite only when asked to', () => {
    const a = cell(1)
    const optimizer = new SGD([a], { lr: 1 })
    const bad = tensor([Number.NaN])
    expect(() => optimizer.step([bad], { errorIfNonfinite: true })).toThrow(error('SGD: gradient 0 must be finite'))
    expect(list(a)).toEqual([1])
    optimizer.step([tensor([1])], { errorIfNonfinite: true })
    optimizer.step([bad])
    expect(list(a)[0]).toBeNaN()
  })
})

describe('steps of rows', () => {
  const rowsOf = (rows: number[]) => tensor(rows, { dtype: 'int32' })

  it.each(makers)('%s moves the touched rows as a full step does, and no others', (_, make) => {
    const start = normal(3, [5, 2])
    const [byRows, whole] = [new Parameter(start), new Parameter(start)]
    const [first, second] = [make([byRows]), make([whole])]
    const touched = [3, 0]
    for (let step = 0; step < 4; step++) {
      const values = normal(10 + step, [2, 2])
      const full = zeros([5, 2]).indexAdd(0, rowsOf(touched), values)
      first.step([{ rows: rowsOf(touched), values }])
      second.step([full])
    }
    const [got, wanted, before] = [list(byRows), list(whole), list(start)]
    for (let row = 0; row < 5; row++)
      for (const d of [0, 1]) expect(got[row * 2 + d]).toBe((touched.includes(row) ? wanted : before)[row * 2 + d])
  })

  it.each([
    [{ rows: rowsOf([0]), values: zeros([2, 2]) }, 'Adam: gradient 0 must have shape [1, 2], got [2, 2]'],
    [
      { rows: rowsOf([0]).reshape([1, 1]), values: zeros([1, 2]) },
      'Adam: rows of gradient 0 must be a list, got shape [1, 1]',
    ],
  ])('refuses rows that do not fit', (grad, message) => {
    expect(() => new Adam([new Parameter(zeros([3, 2]))]).step([grad])).toThrow(new SurprisalError('shape', message))
  })

  it('refuses rows where elements do not move for themselves', () => {
    const muon = new Muon([new Parameter(ones([3, 2]))])
    expect(() => muon.step([{ rows: rowsOf([0]), values: zeros([1, 2]) }])).toThrow(
      error('Muon: gradient 0 must be whole, got rows'),
    )
  })
})

describe('the state of an optimiser', () => {
  const run = (optimizer: Optimizer, steps: number[]) => {
    for (const step of steps) optimizer.step([normal(step, [3]), step % 3 === 0 ? null : normal(50 + step, [2])])
  }

  it.each(makers)('of %s goes on bit for bit', (_, make) => {
    const fresh = () => [new Parameter(normal(1, [3])), new Parameter(normal(2, [2]))]
    const [whole, first] = [fresh(), fresh()]
    run(make(whole), [1, 2, 3, 4, 5, 6])
    const before = make(first)
    run(before, [1, 2, 3])
    const second = first.map(param => new Parameter(param.value))
    const after = make(second)
    after.loadStateDict(before.stateDict())
    run(after, [4, 5, 6])
    expect(second.map(list)).toEqual(whole.map(list))
    expect(after.steps).toBe(6)
  })

  it('names its tensors by position and slot', () => {
    const optimizer = new Adam([cell(1), cell(2)])
    expect(optimizer.stateDict()).toEqual({ step: 0, tensors: {} })
    optimizer.step([null, tensor([1])])
    const { step, tensors } = optimizer.stateDict()
    expect([step, Object.keys(tensors)]).toEqual([1, ['1.step', '1.m', '1.v']])
    expect(tensors['1.step'].itemSync()).toBe(1)
  })

  it('starts anew what the dict does not hold', () => {
    const a = cell(0)
    const optimizer = new SGD([a], { lr: 1, momentum: 0.5 })
    optimizer.step([tensor([8])])
    optimizer.loadStateDict({ step: 0, tensors: {} })
    optimizer.step([tensor([1])])
    expect(list(a)).toEqual([-9])
  })

  it.each([
    [{ '0.x': tensor([1]) }, 'Adam: state must belong to a parameter, got key 0.x'],
    [{ '1.m': tensor([1]) }, 'Adam: state must belong to a parameter, got key 1.m'],
    [{ '.m': tensor([1]) }, 'Adam: state must belong to a parameter, got key .m'],
    [{ '00.m': tensor([1]) }, 'Adam: state must belong to a parameter, got key 00.m'],
    [{ '0.m': tensor([1]), '0.v': tensor([1, 2]) }, 'assign: value must have shape [1], got [2]'],
  ])('refuses %j and keeps what it has', (tensors, message) => {
    const optimizer = new Adam([cell(1)])
    optimizer.step([tensor([2])])
    const before = list(optimizer.stateDict().tensors['0.m'])
    expect(() => optimizer.loadStateDict({ step: 3, tensors: tensors as never })).toThrow(message)
    expect([optimizer.steps, list(optimizer.stateDict().tensors['0.m'])]).toEqual([1, before])
  })

  it('refuses a number of steps that is none', () => {
    expect(() => new Adam([cell(1)]).loadStateDict({ step: -1, tensors: {} })).toThrow(
      error('Adam: step must be a whole number from 0, got -1'),
    )
  })
})

describe('a training loop', () => {
  const data = normal(7, [20, 50])
  const lossOf = (weight: Parameter) => data.matmul(weight).sub(1).square().mean()

  const live = async (): Promise<number> => {
    for (let round = 0; round < 2; round++) {
      collect()
      await new Promise(resolve => setTimeout(resolve, 5))
    }
    return memory().live
  }

  it.each([
    ['settle', async (loss: Tensor, optimizer: Optimizer) => optimizer.settle(loss)],
    ['reading the loss', async (loss: Tensor) => void (await loss.item())],
  ])('runs in constant memory by %s', async (_, read) => {
    const weight = new Parameter(zeros([50, 1]))
    const optimizer = new Adam([weight])
    const step = async () => {
      const loss = lossOf(weight)
      optimizer.step(gradients(loss, [weight]))
      await read(loss, optimizer)
    }
    for (let i = 0; i < 30; i++) await step()
    const warm = await live()
    for (let i = 0; i < 200; i++) await step()
    expect(await live()).toBeLessThanOrEqual(warm + 4000)
  })

  it('settle computes parameters, state and loss at once', async () => {
    const weight = new Parameter(zeros([50, 1]))
    const optimizer = new Adam([weight])
    const loss = lossOf(weight)
    optimizer.step(gradients(loss, [weight]))
    await optimizer.settle(loss)
    const state = Object.values(optimizer.stateDict().tensors)
    const before = memory().live
    for (const x of [loss, weight.value, ...state]) x.dataSync()
    expect(memory().live).toBe(before)
  })

  it.each(makers)('by %s lowers the loss', async (_, make) => {
    const weight = new Parameter(normal(8, [50, 1]))
    const optimizer = make([weight])
    const first = (await lossOf(weight).item()) as number
    for (let i = 0; i < 30; i++) {
      const loss = lossOf(weight)
      optimizer.step(gradients(loss, [weight]), { lr: 0.01 })
      await optimizer.settle(loss)
    }
    expect(await lossOf(weight).item()).toBeLessThan(0.9 * first)
  })
})
