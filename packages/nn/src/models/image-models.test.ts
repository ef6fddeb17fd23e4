import { gradients, type Module, normal, stack, type Tensor, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { Adam } from '../optim/adam.ts'
import { CNN } from './cnn.ts'
import { createModel, type ModelConfigs, type ModelType, runModel } from './create-model.ts'
import { MLPClassifier } from './mlp-classifier.ts'
import { MLPMixer } from './mlp-mixer.ts'
import { ResNet, type ResNetDepth } from './resnet.ts'
import { UNet } from './unet.ts'
import { ViT } from './vit.ts'

interface Case<T extends ModelType> {
  readonly type: T
  readonly config: ModelConfigs[T]
  readonly input: readonly number[]
  /** Shape of what it gives, or its values. */
  readonly output: readonly number[]
}
const caseOf = <T extends ModelType>(
  type: T,
  config: ModelConfigs[T],
  input: readonly number[],
  output: readonly number[],
): Case<ModelType> => ({ type, config, input, output })

const patches = { imageSize: 4, patchSize: 2, embedDim: 8, depth: 2, numClasses: 5 }
const cases: readonly Case<ModelType>[] = [
  caseOf('mlp', { inFeatures: 12, hiddenSizes: [7, 6], numClasses: 5 }, [3, 3, 2, 2], [3, 5]),
  caseOf('mlp', { inFeatures: 12, hiddenSizes: [], numClasses: 5 }, [3, 12], [3, 5]),
  caseOf(
    'cnn',
    { imageSize: 13, inChannels: 2, channels: [3, 4], hiddenSizes: [6, 5], numClasses: 7 },
    [2, 2, 13, 13],
    [2, 7],
  ),
  caseOf('resnet', { depth: 20, width: 2, numClasses: 5 }, [2, 3, 9, 8], [2, 5]),
  caseOf('resnet', { depth: 18, width: 2, numClasses: 5, inChannels: 1 }, [2, 1, 34, 33], [2, 5]),
  caseOf('resnet', { depth: 50, width: 2, numClasses: 5 }, [2, 3, 33, 33], [2, 5]),
  caseOf('vit', { ...patches, numHeads: 2 }, [2, 3, 4, 4], [2, 5]),
  caseOf('mlpMixer', { ...patches, inChannels: 1 }, [2, 1, 4, 4], [2, 5]),
  caseOf('unet', { inChannels: 2, outChannels: 3, channels: [2, 4, 4], numGroups: 2 }, [2, 2, 4, 8], [2, 3, 4, 8]),
]

const shapesOf = (model: Module): Record<string, readonly number[]> =>
  Object.fromEntries(Object.entries(model.stateDict()).map(([name, { shape }]) => [name, shape]))
/** Largest size of each gradient, in one plan; 0 for none, and NaN where there is one. */
const largestOf = (found: readonly (Tensor | null)[]): Promise<number[]> =>
  dataOf(stack(found.map(gradient => gradient?.abs().max() ?? tensor(0))))
const dataOf = async (x: Tensor): Promise<number[]> => [...(await x.data())]

describe.each(cases)('$type $config', ({ type, config, input, output }) => {
  const x = normal(7, input)

  it('gives its shape, the same by the same key and another by another', async () => {
    const [a, b, c] = [1, 1, 2].map(key => createModel(type, config as never, { key }).forward(x as never) as Tensor)
    expect(a.shape).toEqual(output)
    const values = await dataOf(a)
    expect(values.every(Number.isFinite)).toBe(true)
    expect(await dataOf(b)).toEqual(values)
    expect(await dataOf(c)).not.toEqual(values)
  })

  it('sends a gradient to every parameter', async () => {
    const model = createModel(type, config as never, { key: 3 })
    const result = model.forward(x as never) as Tensor
    const loss = result.mul(normal(8, result.shape)).sum()
    const largest = await largestOf(gradients(loss, model.parameters()))
    for (const [i, [name]] of model.namedParameters().entries()) expect(largest[i], name).toBeGreaterThan(0)
  })

  it('is rebuilt by its state dict, and predicts each example alone', async () => {
    const model = createModel(type, config as never, { key: 4 }).eval()
    const whole = await dataOf(model.forward(x as never) as Tensor)
    const again = runModel(type, config, model.stateDict(), x) as Tensor
    expect(await dataOf(again)).toEqual(whole)
    const last = runModel(type, config, model.stateDict(), x.narrow(0, input[0] - 1, 1)) as Tensor
    const rest = whole.slice(-last.size)
    for (const [i, value] of (await dataOf(last)).entries()) expect(value).toBeCloseTo(rest[i], 4)
  })
})

describe('numbers of parameters', () => {
  it.each([
    ['MLPClassifier', MLPClassifier, [50_890, 269_322, 2_913_290]],
    ['CNN', CNN, [61_706, 677_962, 2_703_498]],
    ['ResNet', ResNet, [272_474, 855_770, 11_689_512]],
    ['ViT', ViT, [208_074, 1_803_850, 22_050_664]],
    ['MLPMixer', MLPMixer, [154_058, 1_248_074, 18_528_264]],
    ['UNet', UNet, [96_835, 1_463_107, 10_234_243]],
  ])('of the presets of %s', (_, Model, counts) => {
    const make = Model as unknown as new (config: unknown) => Module
    expect(Object.keys(Model.presets)).toEqual(['nano', 'tiny', 'small'])
    expect(Object.values(Model.presets).map(preset => new make(preset).numParameters())).toEqual(counts)
  })

  it.each<[ResNetDepth, number, number]>([
    [34, 1000, 21_797_672],
    [50, 1000, 25_557_032],
    [32, 10, 466_906],
  ])('are those of torchvision for a ResNet of depth %i', (depth, numClasses, count) => {
    expect(new ResNet({ depth, numClasses }).numParameters()).toBe(count)
  })

  it('are those of timm for larger models', () => {
    const image = { imageSize: 224, patchSize: 16, depth: 12, numClasses: 1000, embedDim: 768 }
    expect(new ViT({ ...image, numHeads: 12 }).numParameters()).toBe(86_567_656)
    expect(new MLPMixer(image).numParameters()).toBe(59_880_472)
  })
})

describe('names', () => {
  const norm = (path: string, size: number): [string, number[]][] => [
    [`${path}.weight`, [size]],
    [`${path}.bias`, [size]],
  ]
  const batchNorm = (path: string, size: number): [string, number[]][] => [
    ...norm(path, size),
    [`${path}.running_mean`, [size]],
    [`${path}.running_var`, [size]],
    [`${path}.num_batches_tracked`, []],
  ]
  const affine = (path: string, out: number, inside: number): [string, number[]][] => [
    [`${path}.weight`, [out, inside]],
    [`${path}.bias`, [out]],
  ]

  it('are those of torchvision for a basic block and a bottleneck', () => {
    const basic = shapesOf(new ResNet({ depth: 18, width: 2, numClasses: 5 }))
    const second = Object.entries(basic).filter(([name]) => name.startsWith('layer2.0.'))
    expect(Object.fromEntries(second)).toEqual(
      Object.fromEntries([
        ['layer2.0.conv1.weight', [4, 2, 3, 3]],
        ...batchNorm('layer2.0.bn1', 4),
        ['layer2.0.conv2.weight', [4, 4, 3, 3]],
        ...batchNorm('layer2.0.bn2', 4),
        ['layer2.0.downsample.0.weight', [4, 2, 1, 1]],
        ...batchNorm('layer2.0.downsample.1', 4),
      ]),
    )
    expect(basic).toMatchObject({ 'conv1.weight': [2, 3, 7, 7], 'bn1.weight': [2], 'fc.weight': [5, 16] })
    expect(basic).not.toHaveProperty(['layer1.0.downsample.0.weight'])
    expect(shapesOf(new ResNet({ depth: 50, width: 2, numClasses: 5 }))).toMatchObject({
      'layer1.0.conv3.weight': [8, 2, 1, 1],
      'layer1.0.downsample.0.weight': [8, 2, 1, 1],
      'layer4.2.bn3.running_var': [64],
      'fc.bias': [5],
    })
  })

  it('are those of timm for ViT and MLP-Mixer', () => {
    expect(shapesOf(new ViT({ ...patches, depth: 1, numHeads: 2 }))).toEqual(
      Object.fromEntries([
        ['cls_token', [1, 1, 8]],
        ['pos_embed', [1, 5, 8]],
        ['patch_embed.proj.weight', [8, 3, 2, 2]],
        ['patch_embed.proj.bias', [8]],
        ...norm('blocks.0.norm1', 8),
        ...affine('blocks.0.attn.qkv', 24, 8),
        ...affine('blocks.0.attn.proj', 8, 8),
        ...norm('blocks.0.norm2', 8),
        ...affine('blocks.0.mlp.fc1', 32, 8),
        ...affine('blocks.0.mlp.fc2', 8, 32),
        ...norm('norm', 8),
        ...affine('head', 5, 8),
      ]),
    )
    expect(shapesOf(new MLPMixer({ ...patches, depth: 1 }))).toEqual(
      Object.fromEntries([
        ['stem.proj.weight', [8, 3, 2, 2]],
        ['stem.proj.bias', [8]],
        ...norm('blocks.0.norm1', 8),
        ...affine('blocks.0.mlp_tokens.fc1', 4, 4),
        ...affine('blocks.0.mlp_tokens.fc2', 4, 4),
        ...norm('blocks.0.norm2', 8),
        ...affine('blocks.0.mlp_channels.fc1', 32, 8),
        ...affine('blocks.0.mlp_channels.fc2', 8, 32),
        ...norm('norm', 8),
        ...affine('head', 5, 8),
      ]),
    )
  })

  it('are numbers for the layers of an MLP, and those of LeNet for a CNN', () => {
    expect(Object.keys(new MLPClassifier({ inFeatures: 2, hiddenSizes: [2], numClasses: 2 }).stateDict())).toEqual([
      'layers.0.weight',
      'layers.0.bias',
      'layers.1.weight',
      'layers.1.bias',
    ])
    const modules = ['conv1', 'conv2', 'fc1', 'fc2', 'fc3']
    expect(Object.keys(new CNN(CNN.presets.nano).stateDict())).toEqual(
      modules.flatMap(name => [`${name}.weight`, `${name}.bias`]),
    )
  })
})

describe('values', () => {
  // Logits that loops in float64 in another language compute of the same weights and images.
  it.each([
    caseOf(
      'resnet',
      { depth: 20, width: 2, numClasses: 5 },
      [2, 3, 9, 8],
      [18.9623, -16.0961, 11.2764, 36.7569, 2.8929, 28.0575, -21.6644, 14.2509, 53.3653, 6.1222],
    ),
    caseOf(
      'resnet',
      { depth: 50, width: 2, numClasses: 5 },
      [2, 3, 33, 33],
      [0.4381, -0.3543, 0.8657, -3.9591, 1.0199, -0.0642, -0.1612, 1.0712, -3.7568, 1.4538],
    ),
    caseOf(
      'resnet',
      { depth: 18, width: 2, numClasses: 5 },
      [2, 3, 34, 33],
      [-2.2935, 23.6985, -12.1407, 0.9318, -1.9115, -1.589, 19.5, -8.1467, 1.1277, -1.492],
    ),
    caseOf(
      'vit',
      { ...patches, numHeads: 2 },
      [2, 3, 4, 4],
      [0.2178, -1.5379, -3.0607, -2.1541, 0.7634, 0.3324, -1.9839, -2.9757, -1.8488, 0.664],
    ),
    caseOf(
      'mlpMixer',
      patches,
      [2, 3, 4, 4],
      [0.5435, 0.6991, -0.1811, -0.4542, 0.8866, 0.4492, 0.8383, -0.2635, -0.4573, 0.9769],
    ),
  ])('of $type are those of another implementation', async ({ type, config, input, output }) => {
    const model = createModel(type, config as never, { key: 1 })
    if (!(model instanceof ResNet))
      for (const [i, cell] of model.parameters().entries()) cell.assign(normal(100 + i, cell.shape, { std: 0.5 }))
    const x = normal(9, input)
    await (model.forward(x as never) as Tensor).data()
    const logits = await dataOf(model.eval().forward(x as never) as Tensor)
    expect(logits).toHaveLength(output.length)
    for (const [i, value] of logits.entries()) expect(value).toBeCloseTo(output[i], 3)
  })
})

describe('training', () => {
  it.each(cases.filter(({ type }) => type !== 'resnet'))(
    'lowers the loss of $type $config',
    async ({ type, config, input, output }) => {
      const model = createModel(type, config as never, { key: 5 })
      const optimizer = new Adam(model.parameters(), { lr: 0.02 })
      const [x, target] = [normal(7, input), normal(8, output)]
      const losses: number[] = []
      for (let step = 0; step < 12; step++) {
        const loss = (model.forward(x as never) as Tensor).sub(target).square().mean()
        optimizer.step(gradients(loss, model.parameters()))
        await optimizer.settle(loss)
        losses.push(...(await dataOf(loss)))
      }
      expect(losses[11]).toBeLessThan(0.8 * losses[0])
    },
  )
})

describe('what each model sees', () => {
  it('batch normalisation moves its buffers while training only', async () => {
    const model = new ResNet({ depth: 20, width: 2, numClasses: 2 })
    const tracked = async () => dataOf(model.stateDict()['layer1.0.bn1.num_batches_tracked'])
    const x = normal(1, [2, 3, 8, 8])
    await model.forward(x).data()
    await model.eval().forward(x).data()
    expect(await tracked()).toEqual([1])
  })

  it('a ViT whose positions are zero does not see the order of patches, with them it does', async () => {
    const model = new ViT({ ...patches, numHeads: 2 }, { key: 2 })
    const x = normal(3, [1, 3, 4, 4])
    const swapped = x.roll(2, 3)
    const differences = async (): Promise<number> => {
      const [a, b] = [await dataOf(model.forward(x)), await dataOf(model.forward(swapped))]
      return Math.max(...a.map((value, i) => Math.abs(value - b[i])))
    }
    for (const [i, cell] of model.parameters().entries()) cell.assign(normal(100 + i, cell.shape, { std: 0.5 }))
    expect(await differences()).toBeGreaterThan(1e-2)
    model.posEmbed.assign(model.posEmbed.value.mul(0))
    expect(await differences()).toBeLessThan(1e-4)
  })

  const timed = { inChannels: 1, outChannels: 1, channels: [4, 4], numGroups: 2, timeEmbedding: true }
  it('a UNet sees the time, and sends gradients to what embeds it', async () => {
    const model = new UNet(timed, { key: 2 })
    const x = normal(3, [1, 1, 4, 4]).expand([2, 1, 4, 4])
    const result = model.forward(x, tensor([0, 500], { dtype: 'int32' }))
    const values = await dataOf(result)
    expect(values.slice(0, 16)).not.toEqual(values.slice(16))
    const largest = await largestOf(gradients(result.square().sum(), model.parameters()))
    expect(Math.min(...largest)).toBeGreaterThan(0)
    const state = model.stateDict()
    expect(await dataOf(runModel('unet', timed, state, x, tensor([0, 500])) as Tensor)).toEqual(values)
  })

  it('a UNet sees images by its skips alone where nothing comes from below', async () => {
    const model = new UNet({ inChannels: 1, outChannels: 1, channels: [4, 4], numGroups: 2 }, { key: 2 })
    for (const cell of model.upsample[0].parameters()) cell.assign(cell.value.mul(0))
    const x = normal(3, [1, 1, 4, 4])
    const alone = await dataOf(model.forward(x))
    for (const cell of model.middle.parameters()) cell.assign(cell.value.mul(2))
    expect(await dataOf(model.forward(x))).toEqual(alone)
    expect(await dataOf(model.forward(x.flip(3)))).not.toEqual(alone)
  })

  it('refuses wrong times', () => {
    const [model, plain] = [new UNet(timed), new UNet({ ...timed, timeEmbedding: false })]
    const x = normal(3, [2, 1, 4, 4])
    expect(() => model.forward(x)).toThrow('UNet.forward: time must be a tensor, got null')
    expect(() => model.forward(x, tensor([1]))).toThrow('UNet.forward: time must be [2], got [1]')
    expect(() => plain.forward(x, tensor([1, 2]))).toThrow(
      'UNet.forward: time must be left out without timeEmbedding, got a tensor',
    )
    expect(() => plain.forward(normal(1, [2, 1, 4, 5]))).toThrow(
      'UNet.forward: height and width must be divisible by 2, got [2, 1, 4, 5]',
    )
  })
})

describe('bad input', () => {
  const x = normal(1, [1, 4, 12, 12])
  it.each([
    [
      'mlp',
      MLPClassifier.presets.nano,
      'MLPClassifier.forward: x must be [batch, ...] with 784 numbers each, got [1, 4, 12, 12]',
    ],
    ['cnn', CNN.presets.nano, 'CNN.forward: x must be [batch, 1, 28, 28], got [1, 4, 12, 12]'],
    ['resnet', ResNet.presets.nano, 'ResNet.forward: x must be [batch, 3, height, width], got [1, 4, 12, 12]'],
    ['vit', ViT.presets.nano, 'ViT.forward: x must be [batch, 3, 32, 32], got [1, 4, 12, 12]'],
    ['mlpMixer', MLPMixer.presets.nano, 'MLPMixer.forward: x must be [batch, 3, 32, 32], got [1, 4, 12, 12]'],
    ['unet', UNet.presets.nano, 'UNet.forward: x must be [batch, 3, height, width], got [1, 4, 12, 12]'],
  ] as const)('%s refuses images of other shapes, and what is no tensor', (type, config, message) => {
    const model = createModel(type, config as never)
    expect(() => model.forward(x as never)).toThrow(message)
    expect(() => model.forward([1] as never)).toThrow('forward: x must be a tensor, got an array of 1')
  })

  it.each([
    [
      () => new MLPClassifier({ inFeatures: 1, hiddenSizes: 3 as never, numClasses: 2 }),
      'MLPClassifier: hiddenSizes must be a list, got 3',
    ],
    [
      () => new MLPClassifier({ inFeatures: 1, hiddenSizes: [0], numClasses: 2 }),
      'MLPClassifier: hiddenSizes[0] must be a whole number from 1, got 0',
    ],
    [() => new CNN({ ...CNN.presets.nano, imageSize: 11 }), 'CNN: imageSize must be a whole number from 12, got 11'],
    [
      () => new CNN({ ...CNN.presets.nano, channels: [1] as never }),
      'CNN: channels must be a list of two sizes, got [1]',
    ],
    [
      () => new CNN({ ...CNN.presets.nano, hiddenSizes: [1, 0] }),
      'CNN: hiddenSizes[1] must be a whole number from 1, got 0',
    ],
    [
      () => new ResNet({ depth: 19 as never, numClasses: 2 }),
      'ResNet: depth must be one of 18, 20, 32, 34, 50, 56, got 19',
    ],
    [() => new ResNet({ depth: 20, numClasses: 0 }), 'ResNet: numClasses must be a whole number from 1, got 0'],
    [() => new ViT({ ...ViT.presets.nano, numHeads: 3 }), 'ViT: numHeads must divide embedDim = 64, got 3'],
    [() => new ViT({ ...ViT.presets.nano, patchSize: 5 }), 'ViT: patchSize must divide imageSize = 32, got 5'],
    [
      () => new MLPMixer({ ...MLPMixer.presets.nano, inChannels: 0 }),
      'MLPMixer: inChannels must be a whole number from 1, got 0',
    ],
    [
      () => new MLPMixer({ ...MLPMixer.presets.nano, tokensMlpDim: 1.5 }),
      'MLPMixer: tokensMlpDim must be a whole number from 1, got 1.5',
    ],
    [() => new UNet({ inChannels: 1, outChannels: 1, channels: [] }), 'UNet: channels must be a list of sizes, got []'],
    [
      () => new UNet({ inChannels: 1, outChannels: 1, channels: [8, 12] }),
      'UNet: numGroups must divide channels[1] = 12, got 8',
    ],
  ])('sizes are checked', (make, message) => {
    expect(make).toThrow(message)
  })
})
