import {
  cat,
  foldIn,
  gradients,
  Module,
  normal,
  Parameter,
  randint,
  randomKey,
  realize,
  type Tensor,
  tensor,
} from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import {
  Adafactor,
  clipGradNorm,
  createOptimizer,
  EMA,
  Embedding,
  embeddingBag,
  LayerNorm,
  Linear,
  Muon,
  type Optimizer,
  type OptimizerOptions,
  ReduceLROnPlateau,
  readCheckpoint,
  SGD,
  writeCheckpoint,
} from './index.ts'

/** Two layers on four inputs. */
class Perceptron extends Module {
  hidden: Linear
  norm: LayerNorm
  output: Linear

  constructor(key: number, width = 16) {
    super()
    this.hidden = new Linear(2, width, { key: foldIn(key, 0) })
    this.norm = new LayerNorm(width)
    this.output = new Linear(width, 1, { key: foldIn(key, 1) })
  }

  forward(x: Tensor): Tensor {
    return this.output.forward(this.norm.forward(this.hidden.forward(x)).tanh()).squeeze({ dim: 1 })
  }
}

const corners = tensor([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
])
const parity = tensor([0, 1, 1, 0])
const lossOf = (model: Perceptron): Tensor => model.forward(corners).sub(parity).square().mean()

async function train(model: Perceptron, optimizer: Optimizer, steps: number): Promise<number> {
  let last = 0
  for (let step = 0; step < steps; step++) {
    const loss = lossOf(model)
    optimizer.step(gradients(loss, optimizer.params))
    await optimizer.settle(loss)
    last = loss.itemSync() as number
  }
  return last
}

const everyOptimizer: OptimizerOptions[] = [
  { optimizer: 'sgd', lr: 0.05, momentum: 0.9, nesterov: true },
  { optimizer: 'adam', lr: 0.03 },
  { optimizer: 'adamw', lr: 0.03, amsgrad: true },
  { optimizer: 'rmsprop', lr: 0.01 },
  { optimizer: 'lion', lr: 0.003 },
  { optimizer: 'adafactor', lr: 0.03, relativeStep: false, scaleParameter: false, beta1: 0.9 },
]

const values = (model: Module): number[][] =>
  Object.values(model.stateDict()).map(value => Array.from(value.dataSync()))

describe('training', () => {
  it.each(everyOptimizer)('learns the parity of two bits with %j', async options => {
    const model = new Perceptron(3)
    expect(await train(model, createOptimizer(model.parameters(), options), 300)).toBeLessThan(0.01)
    const answers = Array.from(await model.forward(corners).data(), answer => Math.abs(Math.round(answer)))
    expect(answers).toEqual([0, 1, 1, 0])
  })

  it.each(everyOptimizer)('goes on from the bytes of a checkpoint bit for bit with %j', async options => {
    const whole = new Perceptron(5)
    await train(whole, createOptimizer(whole.parameters(), options), 12)

    const first = new Perceptron(5)
    const before = createOptimizer(first.parameters(), options)
    await train(first, before, 6)
    const bytes = await writeCheckpoint({ model: first, optimizer: before })
    const second = new Perceptron(6)
    const after = createOptimizer(second.parameters(), options)
    readCheckpoint(bytes, { model: second, optimizer: after })
    await train(second, after, 6)
    expect(values(second)).toEqual(values(whole))
  })

  it('goes on from a checkpoint that was taken before anything was computed', async () => {
    const run = async (interrupted: boolean): Promise<number[][]> => {
      let model = new Perceptron(5)
      let optimizer = createOptimizer(model.parameters(), { optimizer: 'adam' })
      for (let step = 0; step < 4; step++) {
        optimizer.step(gradients(lossOf(model), model.parameters()))
        if (!interrupted || step !== 1) continue
        const bytes = await writeCheckpoint({ model, optimizer })
        model = new Perceptron(9)
        optimizer = createOptimizer(model.parameters(), { optimizer: 'adam' })
        readCheckpoint(bytes, { model, optimizer })
      }
      return values(model)
    }
    expect(await run(true)).toEqual(await run(false))
  })

  it('splits matrices and vectors between Muon and another optimiser', async () => {
    const model = new Perceptron(7)
    const matrices = [model.hidden.weight]
    const others = model.parameters().filter(param => !matrices.includes(param))
    const optimizers = [new Muon(matrices, { lr: 0.05 }), createOptimizer(others, { optimizer: 'adam', lr: 0.03 })]
    let last = 1
    for (let step = 0; step < 200; step++) {
      const loss = lossOf(model)
      const grads = gradients(loss, [...matrices, ...others])
      optimizers[0].step(grads.slice(0, 1))
      optimizers[1].step(grads.slice(1))
      await realize(loss, model.parameters())
      last = loss.itemSync() as number
    }
    expect(last).toBeLessThan(0.02)
  })

  it('gives accumulated parts of a batch the step of the whole', async () => {
    const [whole, parts] = [new Perceptron(8), new Perceptron(8)]
    const [x, y] = [normal(randomKey(1), [12, 2]), normal(randomKey(2), [12])]
    const loss = (model: Perceptron, from: number, to: number): Tensor =>
      model
        .forward(x.slice(0, { start: from, end: to }))
        .sub(y.slice(0, { start: from, end: to }))
        .square()
        .mean()
    new SGD(whole.parameters(), { lr: 0.1 }).step(gradients(loss(whole, 0, 12), whole.parameters()))
    const pieces = [0, 4, 8].map(from => gradients(loss(parts, from, from + 4), parts.parameters()))
    const sums = pieces[0].map((_, i) => pieces.map(piece => piece[i]).reduce((a, b) => a.add(b)))
    new SGD(parts.parameters(), { lr: 0.1 }).step(sums.map(sum => sum.mul(1 / 3)))
    values(parts).forEach((row, i) => {
      row.forEach((value, j) => {
        expect(value).toBeCloseTo(values(whole)[i][j], 5)
      })
    })
  })

  it('keeps frozen parameters where they are', async () => {
    const model = new Perceptron(4)
    model.hidden.requiresGrad_(false)
    const [frozen, ...others] = values(model)
    await train(model, createOptimizer(model.parameters(), { optimizer: 'adamw', lr: 0.1, weightDecay: 0.5 }), 3)
    expect(values(model)[0]).toEqual(frozen)
    expect(values(model).slice(1)).not.toEqual(others)
  })

  it('drops the learning rate when the loss stands still', async () => {
    const model = new Perceptron(2)
    const optimizer = new SGD(model.parameters())
    const schedule = new ReduceLROnPlateau({ lr: 0.5, factor: 0.5, patience: 2 })
    const rates: number[] = []
    for (let step = 0; step < 8; step++) {
      const loss = lossOf(model)
      optimizer.step(gradients(loss, model.parameters()), { lr: 0 })
      await optimizer.settle(loss)
      rates.push(schedule.step(loss.itemSync() as number))
    }
    expect(rates).toEqual([0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125, 0.125])
  })

  it('evaluates with averages that are nearer to the truth than weights driven by noise', async () => {
    const model = new Perceptron(1)
    const optimizer = new SGD(model.parameters(), { lr: 0.1 })
    const ema = new EMA(model.parameters(), { decay: 0.95 })
    let [own, averaged] = [0, 0]
    for (let step = 0; step < 300; step++) {
      const noise = normal(foldIn(0, step), [4])
      const loss = model.forward(corners).sub(parity.add(noise)).square().mean()
      optimizer.step(clipGradNorm(gradients(loss, model.parameters()), { maxNorm: 1 }).grads)
      ema.update()
      await optimizer.settle(loss, ...ema.values)
      if (step < 200) continue
      own += lossOf(model).itemSync() as number
      averaged += (await ema.swap(() => lossOf(model).item())) as number
    }
    expect(averaged).toBeLessThan(0.9 * own)
  })
})

describe('training a table by the rows that a batch touches', () => {
  const [vocabulary, dim, places] = [40, 4, 6]
  const idsOf = (step: number): Tensor => randint(foldIn(11, step), [places], 0, vocabulary)

  /** The batch's distinct ids, and for each place the position of its id among them. */
  function touched(ids: Tensor): { rows: Tensor; positions: Tensor } {
    const list = Array.from(ids.dataSync())
    const distinct = [...new Set(list)].sort((a, b) => a - b)
    const int = (data: number[]): Tensor => tensor(data, { dtype: 'int32' })
    return { rows: int(distinct), positions: int(list.map(id => distinct.indexOf(id))) }
  }

  const weights = tensor([1, 2, -1, 0.5, 1, -2])
  const bags = tensor([0, 0, 1, 1, 2, 2], { dtype: 'int32' })
  const lossFrom = (rows: Tensor | Parameter, ids: Tensor): Tensor =>
    embeddingBag(rows, ids, bags, weights, { bags: 3 }).sub(1).square().mean()

  it('is plain gradient descent on the whole table', async () => {
    const [byRows, whole] = [0, 1].map(() => new Embedding(vocabulary, dim, { key: 12 }).weight)
    const [first, second] = [new SGD([byRows], { lr: 0.1 }), new SGD([whole], { lr: 0.1 })]
    for (let step = 0; step < 15; step++) {
      const ids = idsOf(step)
      const { rows, positions } = touched(ids)
      const part = byRows.value.indexSelect(0, rows)
      const loss = lossFrom(part, positions)
      first.step([{ rows, values: gradients(loss, [part])[0] }])
      await first.settle(loss)
      const full = lossFrom(whole, ids)
      second.step(gradients(full, [whole]))
      await second.settle(full)
      expect(loss.itemSync()).toBe(full.itemSync())
    }
    expect(byRows.value.dataSync()).toEqual(whole.value.dataSync())
  })

  it('lowers the loss with Adam and clipping, next to a dense parameter', async () => {
    const table = new Embedding(vocabulary, dim, { key: 13, std: 0.1 }).weight
    const shift = new Parameter(tensor([0, 0, 0, 0]))
    const optimizer = createOptimizer([table, shift], { optimizer: 'adam', lr: 0.05 })
    const losses: number[] = []
    for (let step = 0; step < 120; step++) {
      const { rows, positions } = touched(idsOf(step % 10))
      const part = table.value.indexSelect(0, rows)
      const loss = lossFrom(part.add(shift), positions)
      const [values, toShift] = gradients(loss, [part, shift])
      optimizer.step(clipGradNorm([{ rows, values }, toShift], { maxNorm: 5 }).grads)
      await optimizer.settle(loss)
      losses.push(loss.itemSync() as number)
    }
    const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length
    expect(mean(losses.slice(-10))).toBeLessThan(0.5 * mean(losses.slice(0, 10)))
  })

  it('is refused where the state is shared between rows', () => {
    const table = new Parameter(cat([tensor([[1, 2]]), tensor([[3, 4]])], { dim: 0 }))
    const grad = { rows: tensor([0], { dtype: 'int32' }), values: tensor([[1, 1]]) }
    expect(() => new Adafactor([table]).step([grad])).toThrow('Adafactor: gradient 0 must be whole, got rows')
  })
})
