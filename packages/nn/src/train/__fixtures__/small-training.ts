import { bernoulli, foldIn, Module, type Tensor, tensor } from '@surprisal/tensor'
import { AdamW, EMA, LayerNorm, Linear, shuffledBatches } from '../../index.ts'
import type { FitOptions } from '../fit.ts'

/** Two layers with random zeros between them. */
export class Net extends Module {
  first: Linear
  norm = new LayerNorm(8)
  second: Linear

  constructor(seed: number, width = 8) {
    super()
    this.first = new Linear(3, width, { key: foldIn(seed, 0) })
    this.second = new Linear(width, 1, { key: foldIn(seed, 1) })
  }

  forward(x: Tensor): Tensor {
    return this.second.forward(this.norm.forward(this.first.forward(x)).gelu())
  }
}

export interface Batch {
  x: Tensor
  y: Tensor
}

const samples = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(3 * i), Math.sin(7 * i)])
const target = ([a, b, c]: number[]): number => a * b + c

/** Samples in batches of four, in an order that changes from epoch to epoch. */
const batches = () =>
  shuffledBatches<Batch>(samples.length, {
    batchSize: 4,
    seed: 5,
    take: chosen => {
      const rows = Array.from(chosen, i => samples[i])
      return { x: tensor(rows), y: tensor(rows.map(row => [target(row)])) }
    },
  })

/** Everything that has a state: random numbers, shuffled data, moments, averages, accumulation, a schedule. */
export function smallTraining(seed: number): { model: Net; options: FitOptions<Net, Batch> } {
  const model = new Net(seed)
  const options: FitOptions<Net, Batch> = {
    loss: (net, { x, y }, { key }) =>
      net
        .forward(x.mul(bernoulli(key, 0.9, x.shape)))
        .sub(y)
        .square()
        .mean(),
    data: batches(),
    optimizer: new AdamW(model.parameters(), { lr: 0.02 }),
    steps: 20,
    schedule: { schedule: 'cosine', lr: 0.02, warmupSteps: 3 },
    gradAccumulation: 2,
    clipNorm: 1,
    ema: new EMA(model.parameters(), { decay: 0.9, warmup: true }),
    seed: 11,
  }
  return { model, options }
}

/** All bits of the weights and of their averages. */
export const bitsOf = (model: Module, ema: EMA): number[] =>
  [...Object.values(model.stateDict()), ...ema.values].flatMap(value =>
    Array.from(new Int32Array(Float32Array.from(value.dataSync()).buffer)),
  )
