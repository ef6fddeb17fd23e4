import { ones, SurprisalError, zeros } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import * as exported from './index.ts'

type Call = (...args: unknown[]) => unknown

const gone = ones([2, 2])
gone.dispose()

/** What nobody should pass where a tensor or an object is wanted. */
const nonsense: [string, unknown][] = [
  ['null', null],
  ['undefined', undefined],
  ['a number', 3],
  ['text', 'x'],
  ['a list', [1, 2]],
  ['an object', {}],
]

const [rank3, rank4] = [ones([1, 2, 2]), ones([1, 1, 2, 2])]
const projections = [ones([6, 2]), null, ones([2, 2]), null]
const recurrent = (gates: number, states: number) => [
  ...Array(states).fill(ones([1, 1, 2])),
  ones([gates * 2, 2]),
  ones([gates * 2, 2]),
]

/** Calls of which the given argument is wrong. */
const tensorCalls: [string, (wrong: unknown) => unknown][] = [
  ['linear: input', wrong => (exported.linear as Call)(wrong, ones([2, 2]))],
  ['linear: weight', wrong => (exported.linear as Call)(ones([2]), wrong)],
  ['embedding: ids', wrong => (exported.embedding as Call)(wrong, ones([2, 2]))],
  ['embedding: weight', wrong => (exported.embedding as Call)(zeros([1], { dtype: 'int32' }), wrong)],
  [
    'embeddingBag: weight',
    wrong => (exported.embeddingBag as Call)(wrong, ones([1]), ones([1]), ones([1]), { bags: 1 }),
  ],
  ['layerNorm: x', wrong => (exported.layerNorm as Call)(wrong)],
  ['rmsNorm: x', wrong => (exported.rmsNorm as Call)(wrong, ones([2]))],
  ['batchNorm: x', wrong => (exported.batchNorm as Call)(wrong, ones([2]), ones([2]))],
  ['groupNorm: x', wrong => (exported.groupNorm as Call)(wrong, null, null, { numGroups: 1 })],
  ['dropout: x', wrong => (exported.dropout as Call)(wrong, 0.5, { training: true, key: 1 })],
  ['pixelShuffle: x', wrong => (exported.pixelShuffle as Call)(wrong, 2)],
  ['swiglu: x', wrong => (exported.swiglu as Call)(wrong, ...Array(3).fill(ones([2, 2])))],
  ['geglu: gate', wrong => (exported.geglu as Call)(ones([2]), wrong, ones([2, 2]), ones([2, 2]))],
  ['applyRotaryEmbedding: x', wrong => (exported.applyRotaryEmbedding as Call)(wrong, zeros([1], { dtype: 'int32' }))],
  ['scaledDotProductAttention: query', wrong => (exported.scaledDotProductAttention as Call)(wrong, rank4, rank4)],
  ['scaledDotProductAttention: value', wrong => (exported.scaledDotProductAttention as Call)(rank4, rank4, wrong)],
  [
    'multiHeadAttentionForward: key',
    wrong => (exported.multiHeadAttentionForward as Call)(rank3, wrong, rank3, ...projections, { numHeads: 1 }),
  ],
  ['lstm: input', wrong => (exported.lstm as Call)(wrong, ...recurrent(4, 2))],
  ['gru: input', wrong => (exported.gru as Call)(wrong, ...recurrent(3, 1))],
  ['LSTM.forward: input', wrong => new exported.LSTM(2, 2, { key: 1 }).forward(wrong as never)],
  [
    'TransformerEncoderLayer.forward: src',
    wrong => new exported.TransformerEncoderLayer(2, 1, { key: 1 }).forward(wrong as never),
  ],
  ['emaUpdate: shadow', wrong => (exported.emaUpdate as Call)(wrong, ones([1]), { decay: 0.5 })],
  ['emaUpdate: param', wrong => (exported.emaUpdate as Call)(ones([1]), wrong, { decay: 0.5 })],
  ['replayOptimizer: params', wrong => (exported.replayOptimizer as Call)(wrong, ones([1, 2]), { optimizer: 'sgd' })],
  ['replayOptimizer: grads', wrong => (exported.replayOptimizer as Call)(ones([2]), wrong, { optimizer: 'sgd' })],
]

const otherCalls: [string, (wrong: unknown) => unknown][] = [
  ['Adam: params', wrong => new (exported.Adam as unknown as new (params: unknown) => unknown)(wrong)],
  ['SGD: grads', wrong => new exported.SGD([new exported.Parameter(ones([1]))]).step(wrong as never)],
  ['clipGradNorm: grads', wrong => (exported.clipGradNorm as Call)(wrong, { maxNorm: 1 })],
  ['clipGradValue: grads', wrong => (exported.clipGradValue as Call)(wrong, { clipValue: 1 })],
  ['readSafetensors: file', wrong => (exported.readSafetensors as Call)(wrong)],
  ['inspectSafetensors: file', wrong => (exported.inspectSafetensors as Call)(wrong)],
  ['calculateFanInAndFanOut: shape', wrong => (exported.calculateFanInAndFanOut as Call)(wrong)],
  ['kaimingUniform: shape', wrong => (exported.kaimingUniform as Call)(0, wrong)],
]

/** The error of a call; a result is an error as well. */
function errorOf(call: () => unknown): unknown {
  try {
    const result = call()
    return new Error(`no error but ${String(result)}`)
  } catch (error) {
    return error
  }
}

describe('a wrong call', () => {
  it.each(tensorCalls.flatMap(([name, call]) => nonsense.map(([what, wrong]) => ({ name, what, call, wrong }))))(
    '$name is $what',
    ({ name, call, wrong }) => {
      const error = errorOf(() => call(wrong))
      expect(error).toBeInstanceOf(SurprisalError)
      expect((error as SurprisalError).code).toBe('argument')
      expect((error as SurprisalError).message).toContain(`${name} must be a tensor, got`)
    },
  )

  it.each(tensorCalls)('%s is disposed', (_, call) => {
    const error = errorOf(() => call(gone))
    expect(error).toBeInstanceOf(SurprisalError)
  })

  it.each(
    otherCalls.flatMap(([name, call]) =>
      nonsense
        .filter(([what]) => !(what === 'a list' && /shape|file/.test(name)))
        .map(([what, wrong]) => ({ name, what, call, wrong })),
    ),
  )('$name is $what', ({ call, wrong }) => {
    const error = errorOf(() => call(wrong))
    expect(error).toBeInstanceOf(SurprisalError)
    expect((error as SurprisalError).message).toMatch(/must (be|hold)|got/)
  })

  it('of learningRateAt, learningRates or initStd without options names what is wrong', () => {
    expect(exported.learningRateAt(0, {})).toBe(1)
    expect(() => exported.initStd([2, 2], {} as never)).toThrow('initStd: scheme must be')
    expect(() => exported.learningRates('x' as never, {})).toThrow('learningRates: steps must be a whole number')
  })
})
