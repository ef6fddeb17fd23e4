import { gradients, normal, pad, type Tensor, tensor, zeros } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { Flatten, Identity, Sequential } from './containers.ts'
import { Conv1d, Conv2d, ConvTranspose2d } from './convolution.ts'
import { Dropout, dropout } from './dropout.ts'
import { Linear } from './linear.ts'
import { MultiheadAttention, multiHeadAttentionForward } from './multi-head-attention.ts'
import { AdaptiveAvgPool2d, AvgPool2d, MaxPool2d } from './pooling.ts'
import { gru, lstm } from './recurrent.ts'
import { scaledDotProductAttention } from './scaled-dot-product-attention.ts'

const values = async (t: Tensor): Promise<number[]> => [...(await t.data())]
const shapes = (state: Record<string, Tensor>) =>
  Object.fromEntries(Object.entries(state).map(([k, v]) => [k, v.shape]))

describe('convolutions', () => {
  it('have the shapes and names of PyTorch', () => {
    expect(shapes(new Conv1d(4, 6, 3, { key: 1, groups: 2 }).stateDict())).toEqual({ weight: [6, 2, 3], bias: [6] })
    expect(shapes(new Conv2d(4, 6, [3, 1], { key: 1, bias: false }).stateDict())).toEqual({ weight: [6, 4, 3, 1] })
    const transposed = new ConvTranspose2d(4, 6, 2, { key: 1, stride: 2, groups: 2 })
    expect(shapes(transposed.stateDict())).toEqual({ weight: [4, 3, 2, 2], bias: [6] })
    expect(transposed.forward(zeros([1, 4, 3, 3])).shape).toEqual([1, 6, 6, 6])
  })

  it('begin within 1 / sqrt(fan in)', async () => {
    const { weight, bias } = new Conv2d(3, 50, 4, { key: 2 })
    const all = [...(await values(weight.value)), ...(await values((bias as { value: Tensor }).value))]
    const bound = 1 / Math.sqrt(48)
    expect(Math.max(...all.map(Math.abs))).toBeLessThanOrEqual(bound)
    expect(Math.max(...all)).toBeGreaterThan(0.95 * bound)
  })

  it('use their options', () => {
    const conv = new Conv2d(2, 3, 3, { key: 3, stride: 2, padding: 1 })
    expect(conv.forward(zeros([1, 2, 8, 8])).shape).toEqual([1, 3, 4, 4])
    expect(new Conv1d(2, 3, 3, { key: 3, padding: 'same' }).forward(zeros([1, 2, 7])).shape).toEqual([1, 3, 7])
  })

  it.each(['reflect', 'replicate', 'circular'] as const)('continue edges by %s', async paddingMode => {
    const x = normal(4, [1, 2, 5, 6])
    const conv = (options: object) => new Conv2d(2, 3, [3, 2], { key: 5, ...options })
    const edges = (pads: number[]) => conv({}).forward(pad(x, pads, { mode: paddingMode }))
    const around = conv({ paddingMode, padding: [2, 1] }).forward(x)
    expect(around.shape).toEqual([1, 3, 7, 7])
    expect(await values(around)).toEqual(await values(edges([1, 1, 2, 2])))
    expect(await values(conv({ paddingMode, padding: 'same' }).forward(x))).toEqual(await values(edges([0, 1, 1, 1])))
    expect(() => conv({ paddingMode, padding: 'same', stride: 2 }).forward(x)).toThrow("'same' needs a stride of 1")
    const line = new Conv1d(2, 1, 3, { key: 6, paddingMode, padding: 1 })
    expect(line.forward(zeros([1, 2, 4])).shape).toEqual([1, 1, 4])
  })

  it('refuse sizes that do not fit', () => {
    expect(() => new Conv1d(1, 1, 1, { key: 1, paddingMode: 'mirror' as 'reflect' })).toThrow(
      'Conv1d: paddingMode must be one of zeros, reflect, replicate, circular, got mirror',
    )
    expect(() => new Conv2d(3, 4, 3, { key: 1, groups: 2 })).toThrow('Conv2d: groups must divide inChannels = 3, got 2')
    expect(() => new Conv1d(0, 4, 3, { key: 1 })).toThrow('Conv1d: inChannels must be a whole number from 1, got 0')
    expect(() => new Conv1d(1, 4, 0, { key: 1 })).toThrow('Conv1d: kernelSize must be a whole number from 1, got 0')
  })
})

describe('pools', () => {
  const x = tensor([
    [
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
        [9, 10, 11, 12],
        [13, 14, 15, 16],
      ],
    ],
  ])

  it('take the largest or the mean of windows', async () => {
    expect(await values(new MaxPool2d(2).forward(x))).toEqual([6, 8, 14, 16])
    expect(await values(new AvgPool2d(2, { stride: 2 }).forward(x))).toEqual([3.5, 5.5, 11.5, 13.5])
    expect(await values(new AdaptiveAvgPool2d(1).forward(x))).toEqual([8.5])
  })
})

describe('dropout', () => {
  it('keeps a share and the mean', async () => {
    const out = await values(dropout(tensor(new Float32Array(4000).fill(1)), 0.25, { training: true, key: 1 }))
    const kept = out.filter(value => value !== 0)
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / 0.75)]))
    expect(kept.length / 4000).toBeCloseTo(0.75, 1)
  })

  it('does nothing in evaluation, gives zeros where all is dropped', async () => {
    const x = tensor([1, 2])
    expect(dropout(x, 0.5)).toBe(x)
    expect(dropout(x, 0, { training: true })).toBe(x)
    expect(await values(dropout(x, 1, { training: true }))).toEqual([0, 0])
    const module = new Dropout(0.5)
    module.eval()
    expect(module.forward(x)).toBe(x)
  })

  it('refuses other probabilities, and training without a key', () => {
    expect(() => dropout(tensor([1]), 1.5)).toThrow('dropout: p must be in [0, 1], got 1.5')
    expect(() => new Dropout(-1)).toThrow('Dropout: p must be in [0, 1], got -1')
    expect(() => new Dropout().forward(tensor([1]))).toThrow('dropout: key must be given while training, got none')
  })
})

describe('containers', () => {
  it('run modules in turn, named by their numbers', async () => {
    const net = new Sequential(
      new Flatten(),
      new Linear(4, 3, { key: 1 }),
      new Identity(),
      new Linear(3, 2, { key: 2 }),
    )
    expect(Object.keys(net.stateDict())).toEqual(['1.weight', '1.bias', '3.weight', '3.bias'])
    expect(net.forward(zeros([5, 2, 2])).shape).toEqual([5, 2])
    expect(net.length).toBe(4)
    const x = normal(1, [1, 2, 2])
    const [first, second] = [net[1], net[3]]
    expect(await values(net.forward(x))).toEqual(await values(second.forward(first.forward(x.reshape([1, 4])))))
  })
})

describe('recurrent layers', () => {
  const sizes = { batch: 2, steps: 3, input: 4, hidden: 3 }
  const weightsOf = (gates: number) => [
    normal(1, [gates * sizes.hidden, sizes.input]),
    normal(2, [gates * sizes.hidden, sizes.hidden]),
    normal(3, [gates * sizes.hidden]),
    normal(4, [gates * sizes.hidden]),
  ]
  const x = normal(5, [sizes.batch, sizes.steps, sizes.input])
  const [h0, c0] = [normal(6, [1, sizes.batch, sizes.hidden]), normal(7, [1, sizes.batch, sizes.hidden])]

  it('go on where they stopped', async () => {
    const [wi, wh, bi, bh] = weightsOf(4)
    const whole = lstm(x, h0, c0, wi, wh, bi, bh)
    const first = lstm(x.narrow(1, 0, 2), h0, c0, wi, wh, bi, bh)
    const second = lstm(x.narrow(1, 2, 1), first.hn, first.cn, wi, wh, bi, bh)
    const [a, b] = [await values(whole.cn), await values(second.cn)]
    b.forEach((value, i) => {
      expect(value).toBeCloseTo(a[i], 5)
    })
    expect(whole.output.shape).toEqual([2, 3, 3])
  })

  it('keep their state where the gates are shut', async () => {
    const zero = (shape: number[]) => zeros(shape)
    const shut = tensor([...Array(3).fill(0), ...Array(3).fill(50), ...Array(3).fill(0)])
    const { hn } = gru(x, h0, zero([9, 4]), zero([9, 3]), shut)
    const [a, b] = [await values(hn), await values(h0)]
    b.forEach((value, i) => {
      expect(a[i]).toBeCloseTo(value, 5)
    })
  })

  it('have the right gradients', () => {
    gradcheck((a, h, c, wi, wh) => lstm(a, h, c, wi, wh).output, [x, h0, c0, ...weightsOf(4).slice(0, 2)])
    gradcheck((a, h, wi, wh, bi, bh) => gru(a, h, wi, wh, bi, bh).output, [x, h0, ...weightsOf(3)])
  })

  it('refuse what does not fit', () => {
    const [wi, wh] = weightsOf(4)
    expect(() => lstm(x, h0, c0, wi, weightsOf(3)[1])).toThrow('lstm: weightHh must be [12, 3], got [9, 3]')
    expect(() => lstm(x.narrow(2, 0, 3), h0, c0, wi, wh)).toThrow('lstm: weightIh must be [12, 3], got [12, 4]')
    expect(() => gru(x, zeros([1, 1, 3]), ...(weightsOf(3) as [Tensor, Tensor]))).toThrow(
      'gru: h0 must be [1, 2, 3], got [1, 1, 3]',
    )
    expect(() => gru(zeros([2, 0, 4]), h0, ...(weightsOf(3) as [Tensor, Tensor]))).toThrow(
      'gru: input must have a step, got [2, 0, 4]',
    )
  })
})

describe('multi-head attention', () => {
  const width = 6
  const x = normal(1, [2, 4, width])
  const weights = [
    normal(2, [3 * width, width]),
    normal(3, [3 * width]),
    normal(4, [width, width]),
    normal(5, [width]),
  ] as const
  const run = (options: object) => multiHeadAttentionForward(x, x, x, ...weights, { numHeads: 2, ...options })

  it('is attention between projections', async () => {
    const [inWeight, inBias, outWeight, outBias] = weights
    const heads = (i: number) => {
      const rows = (t: Tensor) => t.narrow(0, i * width, width)
      return x.matmul(rows(inWeight).transpose(0, 1)).add(rows(inBias)).reshape([2, 4, 2, 3]).permute([0, 2, 1, 3])
    }
    const mixed = scaledDotProductAttention(heads(0), heads(1), heads(2)).permute([0, 2, 1, 3]).reshape([2, 4, width])
    const wanted = await values(mixed.matmul(outWeight.transpose(0, 1)).add(outBias))
    for (const needWeights of [true, false]) {
      const { output, attnWeights } = run({ needWeights })
      ;(await values(output)).forEach((value, i) => {
        expect(value).toBeCloseTo(wanted[i], 4)
      })
      expect(attnWeights?.shape ?? null).toEqual(needWeights ? [2, 4, 4] : null)
    }
  })

  it('reads masks in the sense of PyTorch: true is ignored', async () => {
    const padding = tensor(
      [
        [0, 0, 0, 1],
        [0, 0, 0, 0],
      ],
      { dtype: 'bool' },
    )
    const later = tensor([0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0], { shape: [4, 4], dtype: 'bool' })
    const weightsWith = (options: object) => run(options).attnWeights as Tensor
    const masked = weightsWith({ keyPaddingMask: padding, attnMask: later })
    expect(await values(masked.select(2, 3).select(0, 0))).toEqual([0, 0, 0, 0])
    const both = await values(weightsWith({ keyPaddingMask: padding, isCausal: true }))
    ;(await values(masked)).forEach((value, i) => {
      expect(value).toBeCloseTo(both[i], 5)
    })
    const perHead = later.unsqueeze(0).broadcastTo([4, 4, 4])
    expect(await values(weightsWith({ attnMask: perHead }))).toEqual(await values(weightsWith({ attnMask: later })))
    const added = tensor(
      Array.from(await later.data(), m => (m ? -1e9 : 0)),
      { shape: [4, 4] },
    )
    const mixedMasks = await values(weightsWith({ attnMask: added, keyPaddingMask: padding }))
    ;(await values(masked)).forEach((value, i) => {
      expect(mixedMasks[i]).toBeCloseTo(value, 5)
    })
  })

  it('is named as in PyTorch and trains', async () => {
    const module = new MultiheadAttention(6, 3, { key: 1 })
    expect(shapes(module.stateDict())).toEqual({
      in_proj_weight: [18, 6],
      in_proj_bias: [18],
      'out_proj.weight': [6, 6],
      'out_proj.bias': [6],
    })
    const { output } = module.forward(x, x, x, { needWeights: false })
    const grads = gradients(output.square().sum(), module.parameters()) as Tensor[]
    for (const grad of grads) expect((await values(grad)).some(value => value !== 0)).toBe(true)
    const dropping = new MultiheadAttention(6, 3, { key: 1, dropout: 0.5 })
    expect(() => dropping.forward(x, x, x)).toThrow('dropout: key must be given while training, got none')
    dropping.eval()
    expect(dropping.forward(x, x, x).output.shape).toEqual([2, 4, 6])
  })

  it('refuses what does not fit', () => {
    expect(() => run({ numHeads: 4 })).toThrow('multiHeadAttentionForward: numHeads must divide embedDim = 6, got 4')
    expect(() => run({ attnMask: zeros([3, 4]) })).toThrow('attnMask must be [4, 4] or [4, 4, 4], got [3, 4]')
    expect(() => run({ keyPaddingMask: zeros([2, 3]) })).toThrow('keyPaddingMask must be [2, 4], got [2, 3]')
    expect(() => new MultiheadAttention(6, 4, { key: 1 })).toThrow(
      'MultiheadAttention: numHeads must divide embedDim = 6, got 4',
    )
  })
})
