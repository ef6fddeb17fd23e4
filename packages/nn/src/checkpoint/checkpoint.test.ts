import { foldIn, gradients, Module, normal, randomKey, SurprisalError, type Tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { LayerNorm } from '../layers/layer-norm.ts'
import { Linear } from '../layers/linear.ts'
import { AdamW } from '../optim/adam.ts'
import { clipGradNorm } from '../optim/clip.ts'
import { EMA } from '../optim/ema.ts'
import { SGD } from '../optim/sgd.ts'
import { learningRateAt } from '../schedule/learning-rates.ts'
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { inspectSafetensors } from './read-safetensors.ts'

class Net extends Module {
  first: Linear
  norm = new LayerNorm(8)
  second: Linear

  constructor(seed: number) {
    super()
    this.first = new Linear(4, 8, { key: foldIn(seed, 0) })
    this.second = new Linear(8, 1, { key: foldIn(seed, 1) })
  }

  forward(x: Tensor): Tensor {
    return this.second.forward(this.norm.forward(this.first.forward(x)).gelu())
  }
}

interface Training {
  model: Net
  optimizer: AdamW
  ema: EMA
}

function fresh(seed: number): Training {
  const model = new Net(seed)
  const params = model.parameters()
  return { model, optimizer: new AdamW(params), ema: new EMA(params, { decay: 0.9, warmup: true }) }
}

/** Steps `from` to `to` of one course; the data of a step depends on nothing but its number. */
async function train({ model, optimizer, ema }: Training, from: number, to: number): Promise<number[]> {
  const losses: number[] = []
  for (let step = from; step < to; step++) {
    const x = normal(foldIn(randomKey(9), step), [16, 4])
    const loss = model
      .forward(x)
      .sub(x.sum({ dim: 1, keepdim: true }))
      .square()
      .mean()
    const { grads } = clipGradNorm(gradients(loss, model.parameters()), { maxNorm: 1 })
    const lr = learningRateAt(step, { schedule: 'cosine', lr: 0.02, warmupSteps: 3, totalSteps: 20 })
    optimizer.step(grads, { lr })
    ema.update()
    await optimizer.settle(loss, ...ema.values)
    losses.push((await loss.item()) as number)
  }
  return losses
}

const weights = ({ model, ema }: Training) =>
  [...Object.values(model.stateDict()), ...ema.values].map(value => Array.from(value.dataSync()))

describe('a checkpoint', () => {
  it('goes on bit for bit: 20 steps are 10, saved, loaded, and 10 more', async () => {
    const whole = fresh(1)
    const losses = await train(whole, 0, 20)
    expect(losses[19]).toBeLessThan(losses[0])

    const before = fresh(1)
    const firstHalf = await train(before, 0, 10)
    const file = await writeCheckpoint(before, { step: '10' })
    const after = fresh(2)
    expect(readCheckpoint(file, after).step).toBe('10')
    const secondHalf = await train(after, 10, 20)
    expect([...firstHalf, ...secondHalf]).toEqual(losses)
    expect(weights(after)).toEqual(weights(whole))
  })

  it('holds model, optimizer and averages under their names', async () => {
    const training = fresh(1)
    await train(training, 0, 1)
    const { entries, metadata } = inspectSafetensors(await writeCheckpoint(training))
    const names = entries.map(({ name }) => name)
    for (const name of ['model.first.weight', 'model.norm.bias', 'optimizer.0.m', 'optimizer.5.step', 'ema.0'])
      expect(names).toContain(name)
    expect(metadata).toEqual({ 'optimizer.step': '1', 'ema.step': '1', crc32: expect.stringMatching(/^[0-9a-f]{8}$/) })
  })

  it('takes some of the parts', async () => {
    const { model, optimizer } = fresh(3)
    const other = new Net(4)
    const metadata = readCheckpoint(await writeCheckpoint({ model, optimizer }, { note: 'x' }), { model: other })
    expect(metadata).toEqual({ note: 'x', 'optimizer.step': '0' })
    expect(Array.from(other.first.weight.value.dataSync())).toEqual(Array.from(model.first.weight.value.dataSync()))
  })

  it('refuses a part that the file does not hold, and changes nothing', async () => {
    const file = await writeCheckpoint({ model: new Net(1) })
    const target = fresh(2)
    const before = weights(target)
    expect(() => readCheckpoint(file, target)).toThrow(
      new SurprisalError('format', 'readCheckpoint: file must hold optimizer, got none'),
    )
    expect(weights(target)).toEqual(before)
    const { optimizer } = fresh(1)
    const lone = await writeCheckpoint({ optimizer })
    expect(() => readCheckpoint(lone, { model: new Net(1) })).toThrow(
      'readCheckpoint: file must be of a model like this one; missing: first.weight, first.bias',
    )
  })

  it('refuses the state of another optimizer', async () => {
    const training = fresh(1)
    await train(training, 0, 1)
    const file = await writeCheckpoint(training)
    const sgd = new SGD(new Net(1).parameters())
    expect(() => readCheckpoint(file, { optimizer: sgd })).toThrow('SGD: state must belong to a parameter, got key 0.m')
  })

  it('refuses what fits the model and not the optimizer, and leaves both as they were', async () => {
    const saved = fresh(1)
    await train(saved, 0, 2)
    const file = await writeCheckpoint(saved)
    const model = new Net(2)
    const optimizer = new SGD(model.parameters())
    const before = Object.values(model.stateDict()).map(value => Array.from(value.dataSync()))
    expect(() => readCheckpoint(file, { model, optimizer })).toThrow('SGD: state must belong to a parameter')
    expect(Object.values(model.stateDict()).map(value => Array.from(value.dataSync()))).toEqual(before)
    expect(optimizer.steps).toBe(0)
  })

  it('notices every flipped bit of the data', async () => {
    const file = await writeCheckpoint({ model: new LayerNorm(2) }, { note: '"crc32":"00000000"' })
    const { dataStart } = inspectSafetensors(file)
    for (let bit = dataStart * 8; bit < file.length * 8; bit++) {
      const flipped = file.slice()
      flipped[bit >> 3] ^= 1 << (bit & 7)
      expect(() => readCheckpoint(flipped, { model: new LayerNorm(2) })).toThrow(
        'readCheckpoint: data must have the checksum of the header, the file is damaged',
      )
    }
    expect(readCheckpoint(file, { model: new LayerNorm(2) })).toEqual({ note: '"crc32":"00000000"' })
  })

  it('refuses a file that is cut', async () => {
    const file = await writeCheckpoint(fresh(1))
    expect(() => readCheckpoint(file.slice(0, -1), fresh(1))).toThrow('data_offsets')
  })
})
