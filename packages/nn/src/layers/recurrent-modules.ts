import {
  cat,
  flip,
  foldIn,
  isTensor,
  Module,
  Parameter,
  type RandomKey,
  randomKey,
  SurprisalError,
  stack,
  type Tensor,
  type TensorLike,
  uniform,
  zeros,
} from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'
import { requireWhole } from '../_shared/require.ts'
import { dropout } from './dropout.ts'
import { type GruOutput, gru, type LstmOutput, lstm } from './recurrent.ts'

/** Options of {@link LSTM} and {@link GRU}. */
export interface RecurrentOptions {
  /** Key of the initial weights, or its seed. */
  key: RandomKey | number
  /** Layers, each reading what the one below gives. @default 1 */
  numLayers?: number
  /** Whether each layer reads in both directions; their outputs are joined. @default false */
  bidirectional?: boolean
  /** Probability with which what goes from layer to layer is dropped while training. @default 0 */
  dropout?: number
  /** Whether there are biases. @default true */
  bias?: boolean
}

/** Options of a call of {@link LSTM} and {@link GRU}. */
export interface RecurrentCall {
  /** [numLayers * directions, B, H], at the start. @default zeros */
  h0?: TensorLike
  /** Random key of what is dropped, or its seed; needed while training with dropout. */
  key?: RandomKey | number
}

/** Weights of a layer in a direction, by the ends of their names. */
interface LayerWeights {
  readonly weightIh: TensorLike
  readonly weightHh: TensorLike
  readonly biasIh: TensorLike | null
  readonly biasHh: TensorLike | null
}

/** What one layer gives, and its last states. */
interface LayerResult {
  readonly output: Tensor
  readonly states: readonly Tensor[]
}

const keyOf = (key: RandomKey | number): RandomKey => (typeof key === 'number' ? randomKey(key) : key)

/** Layers of a cell that remembers: names `weight_ih_l0`, `bias_hh_l1_reverse`, as in PyTorch; all +-1/sqrt(H) at first. */
abstract class Recurrent extends Module {
  readonly hiddenSize: number
  readonly numLayers: number
  readonly bidirectional: boolean
  readonly dropout: number
  readonly #name: string

  constructor(name: string, gates: number, inputSize: number, hiddenSize: number, options: RecurrentOptions) {
    super()
    const { key, numLayers = 1, bidirectional = false, dropout: dropped = 0, bias = true } = options
    for (const [part, value] of Object.entries({ inputSize, hiddenSize, numLayers })) requireWhole(name, part, value, 1)
    if (!(dropped >= 0 && dropped <= 1))
      throw new SurprisalError('argument', `${name}: dropout must be in [0, 1], got ${dropped}`)
    this.hiddenSize = hiddenSize
    this.numLayers = numLayers
    this.bidirectional = bidirectional
    this.dropout = dropped
    this.#name = name
    const bound = 1 / Math.sqrt(hiddenSize)
    const rows = gates * hiddenSize
    let drawn = 0
    const draw = (shape: number[]): Parameter =>
      new Parameter(uniform(foldIn(keyOf(key), drawn++), shape, { min: -bound, max: bound }))
    for (let layer = 0; layer < numLayers; layer++) {
      const width = layer === 0 ? inputSize : hiddenSize * this.#directions.length
      for (const end of this.#directions)
        Object.assign(this, {
          [`weightIhL${layer}${end}`]: draw([rows, width]),
          [`weightHhL${layer}${end}`]: draw([rows, hiddenSize]),
          [`biasIhL${layer}${end}`]: bias ? draw([rows]) : null,
          [`biasHhL${layer}${end}`]: bias ? draw([rows]) : null,
        })
    }
  }

  /** Ends of the names of weights. */
  get #directions(): readonly string[] {
    return this.bidirectional ? ['', 'Reverse'] : ['']
  }

  #weights(end: string): LayerWeights {
    const cells = this as unknown as Record<string, TensorLike>
    return {
      weightIh: cells[`weightIhL${end}`],
      weightHh: cells[`weightHhL${end}`],
      biasIh: cells[`biasIhL${end}`],
      biasHh: cells[`biasHhL${end}`],
    }
  }

  /**
   * Runs all layers.
   * @param first states at the start by name, [numLayers * directions, B, H]; left out: zeros
   * @returns the output, and each state after the last step
   */
  protected run(
    input: TensorLike,
    first: Readonly<Record<string, TensorLike | undefined>>,
    key: RandomKey | number | undefined,
    layerOf: (x: Tensor, states: readonly Tensor[], weights: LayerWeights) => LayerResult,
  ): LayerResult {
    const op = `${this.#name}.forward`
    requireTensor(op, 'input', input)
    let x = isTensor(input) ? input : input.value
    if (x.shape.length !== 3)
      throw new SurprisalError('shape', `${op}: input must be [batch, length, size], got [${x.shape.join(', ')}]`)
    const shape = [this.numLayers * this.#directions.length, x.shape[0], this.hiddenSize]
    const starts = Object.entries(first).map(([name, state]) => {
      if (state === undefined) return zeros(shape)
      if (state.shape.join() !== shape.join())
        throw new SurprisalError(
          'shape',
          `${op}: ${name} must be [${shape.join(', ')}], got [${state.shape.join(', ')}]`,
        )
      return isTensor(state) ? state : state.value
    })
    const last: Tensor[][] = starts.map(() => [])
    for (let layer = 0; layer < this.numLayers; layer++) {
      if (layer > 0) x = this.#between(x, layer, key)
      const below = x
      const outputs = this.#directions.map((end, direction) => {
        const place = layer * this.#directions.length + direction
        const turned = (t: Tensor): Tensor => (direction === 0 ? t : flip(t, 1))
        const own = starts.map(start => start.narrow(0, place, 1))
        const { output, states } = layerOf(turned(below), own, this.#weights(`${layer}${end}`))
        states.forEach((state, i) => {
          last[i].push(state.select(0, 0))
        })
        return turned(output)
      })
      x = outputs.length === 1 ? outputs[0] : cat(outputs, { dim: 2 })
    }
    return { output: x, states: last.map(states => stack(states, { dim: 0 })) }
  }

  #between(x: Tensor, layer: number, key: RandomKey | number | undefined): Tensor {
    return dropout(x, this.dropout, {
      training: this.training,
      ...(key !== undefined && { key: foldIn(keyOf(key), layer) }),
    })
  }
}

/** Layers of long short-term memory; batch first. */
export class LSTM extends Recurrent {
  /** @throws {SurprisalError} `argument` for sizes that are no whole numbers from 1, or dropout outside [0, 1] */
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions) {
    super('LSTM', 4, inputSize, hiddenSize, options)
  }

  /**
   * @param input [B, T, inputSize]
   * @param options c0 is of h0's shape @default zeros
   * @returns output [B, T, directions * H]; hn and cn [numLayers * directions, B, H]
   * @throws {SurprisalError} `shape` where shapes do not fit
   */
  override forward(input: TensorLike, { h0, c0, key }: RecurrentCall & { c0?: TensorLike } = {}): LstmOutput {
    const { output, states } = this.run(input, { h0, c0 }, key, (x, [h, c], { weightIh, weightHh, biasIh, biasHh }) => {
      const layer = lstm(x, h, c, weightIh, weightHh, biasIh, biasHh)
      return { output: layer.output, states: [layer.hn, layer.cn] }
    })
    return { output, hn: states[0], cn: states[1] }
  }
}

/** Layers of gated recurrent units; batch first. */
export class GRU extends Recurrent {
  /** @throws {SurprisalError} `argument` for sizes that are no whole numbers from 1, or dropout outside [0, 1] */
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions) {
    super('GRU', 3, inputSize, hiddenSize, options)
  }

  /**
   * @param input [B, T, inputSize]
   * @returns output [B, T, directions * H]; hn [numLayers * directions, B, H]
   * @throws {SurprisalError} `shape` where shapes do not fit
   */
  override forward(input: TensorLike, { h0, key }: RecurrentCall = {}): GruOutput {
    const { output, states } = this.run(input, { h0 }, key, (x, [h], { weightIh, weightHh, biasIh, biasHh }) => {
      const layer = gru(x, h, weightIh, weightHh, biasIh, biasHh)
      return { output: layer.output, states: [layer.hn] }
    })
    return { output, hn: states[0] }
  }
}
