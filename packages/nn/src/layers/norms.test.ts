import { normal, type Tensor, tensor, zeros } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { BatchNorm1d, BatchNorm2d, batchNorm } from './batch-norm.ts'
import { GroupNorm, groupNorm } from './group-norm.ts'
import { RMSNorm, rmsNorm } from './rms-norm.ts'

const values = async (t: Tensor): Promise<number[]> => [...(await t.data())]

describe('rmsNorm', () => {
  it('makes the mean square 1, times the weight', async () => {
    const out = rmsNorm(normal(1, [3, 16], { std: 5 }), tensor(Array.from({ length: 16 }, () => 2)))
    for (const mean of await values(out.square().mean({ dim: -1 }))) expect(mean).toBeCloseTo(4, 4)
  })

  it('adds the offset to the weight', async () => {
    const x = normal(2, [2, 4])
    const [a, b] = [rmsNorm(x, tensor([1, 2, 3, 4])), rmsNorm(x, tensor([0, 1, 2, 3]), { weightOffset: 1 })]
    expect(await values(a)).toEqual(await values(b))
    expect(await values(new RMSNorm(4, { weightOffset: 1 }).forward(x))).toEqual(
      await values(new RMSNorm(4).forward(x)),
    )
  })

  it('computes halves in float32', () => {
    const x = tensor([30_000, 30_000], { dtype: 'float16' })
    expect(rmsNorm(x, tensor([1, 1])).dtype).toBe('float16')
    expect(rmsNorm(x, tensor([1, 1])).dataSync()).toEqual(Float32Array.of(1, 1))
  })

  it('has the right gradient, also at 0', () => {
    gradcheck((x, w) => rmsNorm(x, w), [normal(3, [2, 5]), normal(4, [5])], { order: 2 })
    gradcheck(x => rmsNorm(x, tensor([1, 1]), { eps: 0.5 }), [zeros([1, 2])])
  })

  it('refuses what does not fit', () => {
    expect(() => rmsNorm(normal(1, [2, 3]), tensor([1]))).toThrow('rmsNorm: weight must have shape [3], got [1]')
    expect(() => rmsNorm(normal(1, [1]), tensor([1]), { eps: -1 })).toThrow('rmsNorm: eps must be at least 0, got -1')
  })
})

describe('batchNorm', () => {
  const x = normal(5, [4, 3, 2, 2], { mean: 2, std: 3 })
  const [mean, variance] = [zeros([3]), tensor([1, 1, 1])]

  it('normalises each channel of the batch while training', async () => {
    const { output } = batchNorm(x, mean, variance, { training: true })
    for (const m of await values(output.mean({ dim: [0, 2, 3] }))) expect(m).toBeCloseTo(0, 5)
    for (const s of await values(output.square().mean({ dim: [0, 2, 3] }))) expect(s).toBeCloseTo(1, 4)
  })

  it('uses the running values otherwise, and leaves them', async () => {
    const { output, runningMean } = batchNorm(x, tensor([1, 2, 3]), tensor([4, 4, 4]), { eps: 0 })
    const wanted = x.sub(tensor([1, 2, 3]).reshape([3, 1, 1])).div(2)
    const own = await values(output)
    ;(await values(wanted)).forEach((value, i) => {
      expect(own[i]).toBeCloseTo(value, 5)
    })
    expect(await values(runningMean)).toEqual([1, 2, 3])
  })

  it.each([true, false])('has the right gradient, training: %s', training => {
    gradcheck(
      (y, w, b) => batchNorm(y, mean, variance, w, b, { training }).output,
      [normal(6, [3, 3, 2]), normal(7, [3]), normal(8, [3])],
    )
  })

  it('moves its running values as a module, counts, and obeys eval', async () => {
    const norm = new BatchNorm2d(3)
    await norm.forward(x).data()
    const moved = await values(norm.runningMean.value)
    const own = await values(x.mean({ dim: [0, 2, 3] }).mul(0.1))
    moved.forEach((value, i) => {
      expect(value).toBeCloseTo(own[i], 5)
    })
    expect(await norm.numBatchesTracked.value.item()).toBe(1)
    norm.eval()
    await norm.forward(x).data()
    expect(await values(norm.runningMean.value)).toEqual(moved)
    expect(Object.keys(norm.stateDict()).sort()).toEqual(
      ['bias', 'num_batches_tracked', 'running_mean', 'running_var', 'weight'].sort(),
    )
  })

  it('refuses what does not fit', () => {
    expect(() => batchNorm(normal(1, [1, 3]), mean, variance, { training: true })).toThrow(
      'batchNorm: training needs more than 1 value per channel, got shape [1, 3]',
    )
    expect(() => batchNorm(x, tensor([1]), variance)).toThrow('batchNorm: runningMean must be [3], got [1]')
    expect(() => new BatchNorm1d(3).forward(x)).toThrow('BatchNorm1d: x must have 2 or 3 dims, got [4, 3, 2, 2]')
    expect(() => new BatchNorm1d(0)).toThrow('BatchNorm1d: numFeatures must be a whole number from 1, got 0')
  })
})

describe('groupNorm', () => {
  it('normalises each group of channels of each sample', async () => {
    const output = groupNorm(normal(9, [2, 6, 5], { mean: 3 }), null, null, { numGroups: 3 })
    const groups = output.reshape([2, 3, 10])
    for (const m of await values(groups.mean({ dim: 2 }))) expect(m).toBeCloseTo(0, 5)
    for (const s of await values(groups.square().mean({ dim: 2 }))) expect(s).toBeCloseTo(1, 4)
  })

  it('has the right gradient', () => {
    const inputs = [normal(10, [2, 4, 3]), normal(11, [4]), normal(12, [4])]
    gradcheck((x, w, b) => groupNorm(x, w, b, { numGroups: 2 }), inputs)
  })

  it('refuses what does not fit', () => {
    expect(() => new GroupNorm(2, 3)).toThrow('GroupNorm: numGroups must divide numChannels = 3, got 2')
    expect(() => groupNorm(normal(1, [1, 4]), tensor([1]), null, { numGroups: 2 })).toThrow(
      'groupNorm: weight must be [4], got [1]',
    )
    expect(new GroupNorm(2, 4).forward(normal(1, [1, 4])).shape).toEqual([1, 4])
  })
})
