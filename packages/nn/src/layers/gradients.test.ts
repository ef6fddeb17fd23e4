import { type Module, normal, type Tensor } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { BatchNorm2d } from './batch-norm.ts'
import { Conv1d, Conv2d, ConvTranspose2d } from './convolution.ts'
import { GEGLU, MLP, SwiGLU } from './feed-forward.ts'
import { functionalCall } from './functional-call.ts'
import { GroupNorm } from './group-norm.ts'
import { LayerNorm } from './layer-norm.ts'
import { MultiheadAttention } from './multi-head-attention.ts'
import { AdaptiveAvgPool2d, AvgPool2d, MaxPool2d } from './pooling.ts'
import { GRU, LSTM } from './recurrent-modules.ts'
import { RMSNorm } from './rms-norm.ts'
import { RotaryAttention } from './rotary-attention.ts'
import { TransformerDecoderLayer, TransformerEncoderLayer } from './transformer-layers.ts'
import { Upsample } from './upsampling.ts'

interface Sizes {
  readonly batch: number
  readonly length: number
  /** Even. */
  readonly width: number
}

interface Case {
  readonly name: string
  readonly module: (sizes: Sizes) => Module
  readonly inputs: (sizes: Sizes) => readonly number[][]
  readonly call?: (result: never) => Tensor
}

const rows = ({ batch, length, width }: Sizes) => [[batch, length, width]]
const images = ({ batch, length, width }: Sizes) => [[batch, width, length + 1, length + 2]]
const output = (result: { output: Tensor }): Tensor => result.output
const layer = { key: 1, dimFeedforward: 3, dropout: 0, activation: 'gelu' } as const

const cases: readonly Case[] = [
  { name: 'LayerNorm', module: ({ width }) => new LayerNorm(width), inputs: rows },
  { name: 'RMSNorm', module: ({ width }) => new RMSNorm(width), inputs: rows },
  { name: 'GroupNorm', module: ({ width }) => new GroupNorm(2, width), inputs: images },
  { name: 'BatchNorm2d', module: ({ width }) => new BatchNorm2d(width), inputs: images },
  { name: 'Conv1d', module: ({ length }) => new Conv1d(length, 2, 2, { key: 1, padding: 1 }), inputs: rows },
  { name: 'Conv2d', module: ({ width }) => new Conv2d(width, 2, 2, { key: 1, groups: 2 }), inputs: images },
  { name: 'ConvTranspose2d', module: ({ width }) => new ConvTranspose2d(width, 2, 2, { key: 1 }), inputs: images },
  { name: 'MaxPool2d', module: () => new MaxPool2d(2, { stride: 1 }), inputs: images },
  { name: 'AvgPool2d', module: () => new AvgPool2d(2), inputs: images },
  { name: 'AdaptiveAvgPool2d', module: () => new AdaptiveAvgPool2d(2), inputs: images },
  { name: 'Upsample', module: () => new Upsample({ scaleFactor: 2, mode: 'bilinear' }), inputs: images },
  { name: 'MLP', module: ({ width }) => new MLP(width, 3, { key: 1 }), inputs: rows },
  { name: 'SwiGLU', module: ({ width }) => new SwiGLU(width, 3, { key: 1 }), inputs: rows },
  { name: 'GEGLU', module: ({ width }) => new GEGLU(width, 3, { key: 1 }), inputs: rows },
  {
    name: 'LSTM',
    module: ({ width }) => new LSTM(width, 2, { key: 1, bidirectional: true }),
    inputs: rows,
    call: output,
  },
  { name: 'GRU', module: ({ width }) => new GRU(width, 2, { key: 1, numLayers: 2 }), inputs: rows, call: output },
  {
    name: 'MultiheadAttention',
    module: ({ width }) => new MultiheadAttention(width, 2, { key: 1 }),
    inputs: sizes => [...rows(sizes), ...rows({ ...sizes, length: 3 }), ...rows({ ...sizes, length: 3 })],
    call: output,
  },
  {
    name: 'RotaryAttention',
    module: ({ width }) => new RotaryAttention({ embedDim: width, numHeads: 2, numKvHeads: 1, headDim: 2, key: 1 }),
    inputs: rows,
  },
  {
    name: 'TransformerEncoderLayer',
    module: ({ width }) => new TransformerEncoderLayer(width, 2, layer),
    inputs: rows,
  },
  {
    name: 'TransformerDecoderLayer',
    module: ({ width }) => new TransformerDecoderLayer(width, 2, { ...layer, normFirst: true }),
    inputs: sizes => [...rows(sizes), ...rows({ ...sizes, length: 2 })],
  },
]

const sizes = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  length: fc.integer({ min: 1, max: 3 }),
  width: fc.constantFrom(2, 4),
})

describe('finite differences', () => {
  it.each(cases)('agree with the gradients of $name, of inputs and weights', ({ module, inputs, call }) => {
    fc.assert(
      fc.property(sizes, drawn => {
        const net = module(drawn)
        const names = net.namedParameters().map(([name]) => name)
        const shapes = inputs(drawn)
        const weights = net.parameters().map(cell => cell.value)
        gradcheck(
          (...given) => {
            const values = Object.fromEntries(names.map((name, i) => [name, given[shapes.length + i]]))
            const result = functionalCall(net, values, ...(given.slice(0, shapes.length) as never[]))
            return call ? call(result as never) : (result as Tensor)
          },
          [...shapes.map((shape, i) => normal(i, shape)), ...weights],
          { maxElements: 8 },
        )
      }),
      { seed: 3, numRuns: 3 },
    )
  })
})
