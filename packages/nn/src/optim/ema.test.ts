import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Buffer, memory, ones, Parameter, realize, SurprisalError, type Tensor, tensor, zeros } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { EMA, emaUpdate } from './ema.ts'
import { SGD } from './sgd.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Live bytes after two collections, with the time that finalizers need. */
async function settledMemory(): Promise<number> {
  for (let round = 0; round < 2; round++) {
    collect()
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  return memory().live
}

const list = (x: Tensor) => Array.from(x.dataSync())
const error = (message: string) => new SurprisalError('argument', message)

describe('emaUpdate', () => {
  it('mixes shadow and parameter', () => {
    expect(list(emaUpdate(tensor([1, 2]), tensor([3, 6]), { decay: 0.75 }))).toEqual([1.5, 3])
    expect(list(emaUpdate(tensor([1]), tensor([3]), { decay: 1 }))).toEqual([1])
  })

  it.each([
    [0, 0.1],
    [4, 5 / 14],
    [10_000, 0.9],
  ])('keeps less at step %d of the warm-up', (step, kept) => {
    const [value] = list(emaUpdate(tensor([1]), tensor([0]), { decay: 0.9, step, warmup: true }))
    expect(value).toBeCloseTo(kept, 6)
  })

  it.each([-0.1, 1.1, Number.NaN])('refuses the decay %d', decay => {
    expect(() => emaUpdate(tensor([1]), tensor([1]), { decay })).toThrow(
      error(`emaUpdate: decay must be in [0, 1], got ${decay}`),
    )
    expect(() => new EMA([], { decay })).toThrow(error(`EMA: decay must be in [0, 1], got ${decay}`))
  })

  it('refuses a step that is none', () => {
    expect(() => emaUpdate(tensor([1]), tensor([1]), { decay: 0.5, step: -1 })).toThrow('step must be a whole number')
  })
})

describe('EMA', () => {
  const trained = () => {
    const param = new Parameter(tensor([0]))
    const ema = new EMA([param], { decay: 0.5 })
    for (const value of [8, 4]) {
      param.assign(tensor([value]))
      ema.update()
    }
    return { param, ema }
  }

  it('averages parameters and copies buffers', () => {
    const [param, buffer] = [new Parameter(tensor([0])), new Buffer(tensor([0]))]
    const ema = new EMA([param, buffer], { decay: 0.5 })
    for (const cell of [param, buffer]) cell.assign(tensor([8]))
    ema.update()
    expect(ema.values.map(list)).toEqual([[4], [8]])
  })

  it('uses the warm-up by its number of updates', () => {
    const param = new Parameter(tensor([0]))
    const ema = new EMA([param], { decay: 0.9, warmup: true })
    param.assign(tensor([1]))
    ema.update()
    ema.update()
    expect(ema.values[0].itemSync()).toBeCloseTo(1 - 0.1 * (2 / 11), 6)
  })

  it('stands in for the parameters during swap, and steps back', async () => {
    const { param, ema } = trained()
    expect(await ema.swap(() => list(param.value))).toEqual([4])
    expect(await ema.swap(async () => list(param.value.mul(2)))).toEqual([8])
    expect(list(param.value)).toEqual([4])
  })

  it('steps back when the function throws', async () => {
    const param = new Parameter(tensor([0]))
    const ema = new EMA([param], { decay: 0.5 })
    param.assign(tensor([6]))
    await expect(
      ema.swap(() => {
        throw new Error('evaluation')
      }),
    ).rejects.toThrow('evaluation')
    expect(list(param.value)).toEqual([6])
  })

  it('runs in constant memory when its values are settled with the optimiser', async () => {
    const weight = new Parameter(zeros([200]))
    const optimizer = new SGD([weight], { lr: 0.1 })
    const ema = new EMA([weight], { decay: 0.9 })
    const step = async () => {
      optimizer.step([ones([200])])
      ema.update()
      await optimizer.settle(...ema.values)
    }
    for (let i = 0; i < 20; i++) await step()
    const warm = await settledMemory()
    for (let i = 0; i < 200; i++) await step()
    expect(await settledMemory()).toBeLessThanOrEqual(warm + 8 * 800)
  })

  it('goes on from its state', async () => {
    const { param, ema } = trained()
    const other = new EMA([param], { decay: 0.5 })
    other.loadStateDict(ema.stateDict())
    await realize(other.values, ema.values)
    for (const average of [ema, other]) average.update()
    expect(other.stateDict().step).toBe(3)
    expect(other.values.map(list)).toEqual(ema.values.map(list))
  })

  it.each([
    [{ step: 1, tensors: {} }, 'EMA: state must hold 1 averages, got '],
    [{ step: 1, tensors: { a: tensor([1]) } }, 'EMA: state must hold 1 averages, got a'],
    [{ step: 1, tensors: { 0: tensor([1, 2]) } }, 'assign: value must have shape [1], got [2]'],
    [{ step: 0.5, tensors: {} }, 'EMA: step must be a whole number from 0, got 0.5'],
  ])('refuses the state %j and keeps its own', (state, message) => {
    const { ema } = trained()
    expect(() => ema.loadStateDict(state as never)).toThrow(message)
    expect([ema.stateDict().step, ema.values.map(list)]).toEqual([2, [[4]]])
  })
})
