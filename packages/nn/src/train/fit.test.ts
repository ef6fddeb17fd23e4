import {
  Buffer,
  explain,
  Module,
  memory,
  normal,
  Parameter,
  SurprisalError,
  stopGradient,
  type Tensor,
  tensor,
} from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { EMA } from '../optim/ema.ts'
import { SGD } from '../optim/sgd.ts'
import { ReduceLROnPlateau } from '../schedule/plateau.ts'
import { smallTraining } from './__fixtures__/small-training.ts'
import { memoryCheckpoints } from './checkpoint-store.ts'
import { type FitOptions, fit } from './fit.ts'
import type { Progress } from './progress.ts'

/** One number, whose loss is half of its squared distance to the batch. */
class Point extends Module {
  at = new Parameter(tensor(0))
  unused = new Parameter(tensor(5))
  count = new Buffer(tensor(0))

  forward(target: Tensor): Tensor {
    return this.at.value.sub(target).square().mean().mul(0.5)
  }
}

const setUp = (more: Partial<FitOptions<Point, number>> = {}, lr = 0.5) => {
  const model = new Point()
  const options: FitOptions<Point, number> = {
    loss: (point, target) => point.forward(tensor(target)),
    data: [1],
    optimizer: new SGD(model.parameters(), { lr }),
    steps: 1,
    ...more,
  }
  return { model, options }
}
const run = async (more: Partial<FitOptions<Point, number>> = {}, lr?: number) => {
  const { model, options } = setUp(more, lr)
  return { model, at: () => model.at.value.itemSync(), result: await fit(model, options) }
}

describe('fit', () => {
  it.each([1, 2])('computes buffers that a forward pass moves, with %i batches for a step', async gradAccumulation => {
    const loss = (point: Point, target: number): Tensor => {
      point.count.assign(point.count.value.add(1))
      return point.forward(tensor(target))
    }
    const { model } = await run({ loss, data: [1, 3], steps: 3, gradAccumulation })
    expect(explain(model.count).groups).toEqual([])
    expect(model.count.value.itemSync()).toBe(3 * gradAccumulation)
  })

  it('follows the gradient through the data, and leaves alone what the loss does not reach', async () => {
    const { model, at, result } = await run({ data: [1, 3], steps: 3 })
    expect(at()).toBe(1.375)
    expect(model.unused.value.itemSync()).toBe(5)
    expect(result).toEqual({
      step: 3,
      resumedFrom: 0,
      loss: 0.28125,
      evaluations: [],
      reason: 'done',
      checkpoint: null,
      ema: null,
    })
  })

  it('counts epochs', async () => {
    const seen: number[] = []
    const loss = (point: Point, target: number): Tensor => {
      seen.push(target)
      return point.forward(tensor(target))
    }
    const { result } = await run({ data: [1, 2, 3], steps: undefined, epochs: 2, loss })
    expect(seen).toEqual([1, 2, 3, 1, 2, 3])
    expect(result.step).toBe(6)
    expect((await run({ data: [1, 2, 3], steps: undefined, epochs: 1, gradAccumulation: 2 })).result.step).toBe(2)
  })

  it('takes the mean gradient of several batches, by tokens where there are some', async () => {
    expect((await run({ data: [1, 2], gradAccumulation: 2 })).at()).toBe(0.75)
    const loss = (point: Point, target: number) => ({ loss: point.forward(tensor(target)), tokens: target })
    const { at, result } = await run({ data: [1, 3], gradAccumulation: 2, loss })
    expect(at()).toBe(1.25)
    expect(result.loss).toBe((0.5 + 3 * 4.5) / 4)
  })

  it('gives each batch its number, its step and a key of its own', async () => {
    const contexts: unknown[] = []
    const loss: FitOptions<Point, number>['loss'] = (point, target, context) => {
      contexts.push(context)
      return point.forward(tensor(target))
    }
    await run({ loss, steps: 2, gradAccumulation: 2, seed: 3 })
    expect(contexts).toMatchObject([
      { step: 0, batch: 0 },
      { step: 0, batch: 1 },
      { step: 1, batch: 2 },
      { step: 1, batch: 3 },
    ])
    expect(new Set(contexts.map(context => String((context as { key: unknown }).key))).size).toBe(4)
  })

  it('waits for what a source loads', async () => {
    const loaded: number[] = []
    const load = async (index: number): Promise<void> => {
      await new Promise(resolve => setTimeout(resolve, 1))
      loaded.push(index)
    }
    const { at } = await run({ data: { load, batch: index => loaded[index] + 2 } })
    expect(at()).toBe(1)
  })

  it('sets the learning rate by a schedule, over its own number of steps', async () => {
    const rates: number[] = []
    const callbacks = [{ onStep: ({ lr }: Progress) => void rates.push(lr) }]
    await run({ steps: 4, schedule: { schedule: 'linear', lr: 0.4 }, callbacks })
    await run({ steps: 2, schedule: step => 1 / (step + 1), callbacks })
    await run({ callbacks })
    expect(rates.map(rate => rate.toFixed(3))).toEqual(['0.400', '0.300', '0.200', '0.100', '1.000', '0.500', '0.500'])
  })

  it('clips', async () => {
    const norms: (number | null)[] = []
    const callbacks = [{ onStep: ({ gradNorm }: Progress) => void norms.push(gradNorm) }]
    const { at } = await run({ data: [10], clipNorm: 2, callbacks })
    expect(at()).toBeCloseTo(1, 5)
    const accumulated = await run({ data: [10], clipNorm: 2, gradAccumulation: 2, callbacks })
    expect(accumulated.at()).toBeCloseTo(1, 5)
    expect(norms).toEqual([10, 10])
  })

  it('evaluates averages in evaluation mode, copies buffers, and puts all back', async () => {
    const seen: boolean[] = []
    const evalFn = (point: Point): number => {
      seen.push(point.training)
      return point.at.value.itemSync() as number
    }
    const evaluations: unknown[] = []
    const { at, model, result } = await run({
      steps: 3,
      evalEvery: 2,
      evalFn,
      ema: { decay: 0.5 },
      callbacks: [{ onEvaluation: evaluation => void evaluations.push(evaluation) }],
    })
    expect(result.evaluations).toEqual([
      { step: 2, metric: 0.5 },
      { step: 3, metric: 0.6875 },
    ])
    expect(evaluations).toEqual(result.evaluations)
    expect(seen).toEqual([false, false])
    expect(at()).toBe(0.875)
    expect(model.training).toBe(true)
    expect(result.ema?.values.map(value => value.itemSync())).toEqual([0.6875, 5, 0])
  })

  it('drops the learning rate of a plateau', async () => {
    const schedule = new ReduceLROnPlateau({ lr: 0.5, patience: 0, factor: 0.5 })
    await run({ steps: 3, evalEvery: 1, evalFn: () => 1, schedule })
    expect(schedule.lr).toBe(0.125)
  })

  it('gives the model back in the mode that it had', async () => {
    const { model, options } = setUp({
      loss: (point, target) => {
        expect(point.training).toBe(true)
        return point.forward(tensor(target))
      },
    })
    model.eval()
    await fit(model, options)
    expect(model.training).toBe(false)
  })

  it('keeps the newest checkpoints, the last step among them', async () => {
    const store = memoryCheckpoints()
    const written: string[] = []
    const callbacks = [{ onCheckpoint: (name: string) => void written.push(name) }]
    const { result } = await run({ steps: 7, checkpoint: { store, every: 2, keep: 2 }, callbacks })
    expect(written.map(name => Number(name.slice(5)))).toEqual([2, 4, 6, 7])
    expect([...(await store.list())].sort()).toEqual(['step-000000006', 'step-000000007'])
    expect(result.checkpoint).toBe('step-000000007')
  })

  it('runs in constant memory', async () => {
    for (const more of [{}, { gradAccumulation: 1 }, { precision: { lossScale: 'dynamic' as const } }]) {
      const { model, options } = smallTraining(1)
      const live = new Map<number, number>()
      await fit(model, {
        ...options,
        ...more,
        steps: 500,
        callbacks: [{ onStep: ({ step }) => void live.set(step, memory().live) }],
      })
      expect(live.get(500)).toBe(live.get(10))
    }
  }, 30_000)

  it('takes a fixed number of samples and tokens for its speed', async () => {
    const shown: Progress[] = []
    const loss = (point: Point, target: number) => ({ loss: point.forward(tensor(target)), samples: 4, tokens: 8 })
    await run({ steps: 3, loss, progress: progress => shown.push(progress) })
    expect(shown.at(-1)).toMatchObject({ step: 3, steps: 3, epoch: 3, skipped: false, gradNorm: null, secondsLeft: 0 })
    const { samplesPerSecond, tokensPerSecond } = shown[2]
    expect(tokensPerSecond).toBeCloseTo(2 * (samplesPerSecond as number), 3)
  })
})

describe('fit with a scale of the loss', () => {
  it('changes no step, and is undone before clipping', async () => {
    const plain = await run({ data: [3, 4], steps: 5, clipNorm: 1 })
    for (const lossScale of [1024, 'dynamic'] as const)
      expect((await run({ data: [3, 4], steps: 5, clipNorm: 1, precision: { lossScale } })).at()).toBe(plain.at())
  })

  it('leaves out the step where gradients overflow, and halves the scale', async () => {
    const skipped: boolean[] = []
    const loss = (point: Point, target: number): Tensor => point.forward(tensor(target)).mul(2 ** 112)
    const { at } = await run(
      {
        steps: 3,
        loss,
        precision: { lossScale: 'dynamic' },
        callbacks: [{ onStep: p => void skipped.push(p.skipped) }],
      },
      2 ** -113,
    )
    expect(skipped).toEqual([true, false, false])
    expect(at()).toBe(0.75)
  })
})

describe('fit that fails', () => {
  const poisoned =
    (bad: number): FitOptions<Point, number>['data'] =>
    index =>
      index === bad ? Number.NaN : 1

  it('stops at a loss that is no number, with the step, the last good checkpoint and how to go on', async () => {
    const store = memoryCheckpoints()
    const more = { data: poisoned(5), steps: 9, checkpoint: { store, every: 2 } }
    await expect(run(more)).rejects.toThrow(
      new SurprisalError(
        'argument',
        'fit: loss must be finite, got NaN at step 6; the last good checkpoint is step-000000004 in memory: ' +
          'go on from it with resume: true, with a lower learning rate or a clipNorm',
      ),
    )
    const { result, at } = await run({ ...more, data: () => 1, resume: true })
    expect(result).toMatchObject({ resumedFrom: 4, step: 9 })
    expect(at()).toBe(1 - 2 ** -9)
    await expect(run({ data: poisoned(0) })).rejects.toThrow('at step 1; no checkpoints are kept, with')
    await expect(run({ data: poisoned(0), checkpoint: { store: memoryCheckpoints() } })).rejects.toThrow(
      'at step 1; no checkpoint has been written yet, with',
    )
  })

  it('keeps no checkpoint of weights that are not finite', async () => {
    const store = memoryCheckpoints()
    const loss = (point: Point, target: number): Tensor => point.at.value.sub(stopGradient(point.at)).mul(target)
    const more = { loss, data: (index: number) => (index === 2 ? 1e20 : 1), steps: 9, checkpoint: { store, every: 1 } }
    await expect(run(more, 1e30)).rejects.toThrow(
      'fit: weights must be finite, got others after step 3; the last good checkpoint is step-000000002 in memory',
    )
    expect(await store.list()).not.toContain('step-000000003')
  })

  it('reports a checkpoint that could not be written, and leaves the one before', async () => {
    const store = memoryCheckpoints()
    let room = 2
    const full = {
      ...store,
      write: async (name: string, bytes: Uint8Array): Promise<void> => {
        if (room-- === 0) throw new SurprisalError('io', 'ENOSPC: no space left on device, write')
        await store.write(name, bytes)
      },
    }
    await expect(run({ steps: 9, checkpoint: { store: full, every: 1 } })).rejects.toMatchObject({
      code: 'io',
      message:
        'fit: checkpoint step-000000003 was not written (ENOSPC: no space left on device, write); the last good ' +
        'checkpoint is step-000000002 in memory: go on from it with resume: true',
    })
    expect((await run({ steps: 9, checkpoint: { store }, resume: true })).result.resumedFrom).toBe(2)
  })

  it.each([
    [{ steps: undefined }, 'fit: options must have one of steps and epochs'],
    [{ epochs: 1 }, 'fit: options must have one of steps and epochs'],
    [{ steps: 1.5 }, 'fit: steps must be a whole number from 0, got 1.5'],
    [
      { steps: undefined, epochs: 1, data: () => 1 },
      'fit: epochs must come with data that has an end, got a function; give steps',
    ],
    [{ data: [] }, 'fit: data must hold a batch, got none'],
    [{ data: 3 as never }, 'fit: data must be a source, a function or a list, got 3'],
    [{ data: (async () => 1) as never }, 'fit: data must give a batch at once, got a promise; wait in load'],
    [{ loss: () => 3 as never }, 'fit: loss must give a tensor, got number 3'],
    [{ loss: () => null as never }, 'fit: loss must give a tensor, got null'],
    [{ loss: () => normal(0, [2]) }, 'gradients: loss must be a scalar, got shape [2]'],
    [{ gradAccumulation: 0 }, 'fit: gradAccumulation must be a whole number from 1, got 0'],
    [{ clipNorm: 0 }, 'fit: clipNorm must be above 0, got 0'],
    [{ evalEvery: -1 }, 'fit: evalEvery must be a whole number from 0, got -1'],
    [{ seed: 0.5 }, 'fit: seed must be a whole number from 0, got 0.5'],
    [{ resume: true }, 'fit: resume must come with a checkpoint store, got none'],
    [
      { checkpoint: { store: memoryCheckpoints(), keep: 0 } },
      'fit: checkpoint.keep must be a whole number from 1, got 0',
    ],
    [{ ema: { decay: 2 } }, 'EMA: decay must be in [0, 1], got 2'],
    [{ precision: { compute: 'f8' as never } }, 'precision: compute must be one of f32, f16, bf16, got f8'],
  ])('refuses %j', async (more, message) => {
    await expect(run(more)).rejects.toThrow(message)
  })

  it('takes an average that was made before', async () => {
    const { model, options } = setUp()
    const ema = new EMA(model.parameters(), { decay: 0.5 })
    expect((await fit(model, { ...options, ema })).ema).toBe(ema)
    expect(ema.values[0].itemSync()).toBe(0.25)
  })
})
