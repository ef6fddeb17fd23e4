import { SurprisalError, stack, type Tensor, type TensorLike } from '@surprisal/tensor'
import { requireTensor, tensorOf } from '../_shared/positional.ts'
import { linear } from './linear.ts'

/** What {@link lstm} gives. */
export interface LstmOutput {
  /** [B, T, H] */
  output: Tensor
  /** [1, B, H], after the last step. */
  hn: Tensor
  /** [1, B, H] */
  cn: Tensor
}

/** What {@link gru} gives. */
export interface GruOutput {
  /** [B, T, H] */
  output: Tensor
  /** [1, B, H], after the last step. */
  hn: Tensor
}

const text = (shape: readonly number[]): string => `[${shape.join(', ')}]`

interface Weights {
  readonly weightIh: TensorLike
  readonly weightHh: TensorLike
  readonly biasIh: TensorLike | null
  readonly biasHh: TensorLike | null
}

/** Checks shapes; gives the sizes. */
function checkRecurrent(
  op: string,
  gates: number,
  input: TensorLike,
  states: Readonly<Record<string, TensorLike>>,
  weights: Weights,
): { batch: number; length: number; hidden: number } {
  requireTensor(op, 'input', input)
  if (input.shape.length !== 3)
    throw new SurprisalError('shape', `${op}: input must be [batch, length, size], got ${text(input.shape)}`)
  const [batch, length, size] = input.shape
  if (length === 0) throw new SurprisalError('shape', `${op}: input must have a step, got ${text(input.shape)}`)
  const hidden = weights.weightHh.shape[1]
  const expected: [string, TensorLike | null, number[]][] = [
    ...Object.entries(states).map(([name, x]): [string, TensorLike, number[]] => [name, x, [1, batch, hidden]]),
    ['weightIh', weights.weightIh, [gates * hidden, size]],
    ['weightHh', weights.weightHh, [gates * hidden, hidden]],
    ['biasIh', weights.biasIh, [gates * hidden]],
    ['biasHh', weights.biasHh, [gates * hidden]],
  ]
  for (const [name, x, shape] of expected)
    if (x && x.shape.join() !== shape.join())
      throw new SurprisalError('shape', `${op}: ${name} must be ${text(shape)}, got ${text(x.shape)}`)
  return { batch, length, hidden }
}

/**
 * A layer of long short-term memory: gates i, f, g, o of W_ih x + b_ih + W_hh h + b_hh; c' = f c + i g, h' = o tanh(c').
 * @param input [B, T, I]
 * @param h0 [1, B, H]
 * @param c0 [1, B, H]
 * @param weightIh [4 H, I]
 * @param weightHh [4 H, H]
 * @param biasIh [4 H], or null
 * @param biasHh [4 H], or null
 * @throws {SurprisalError} `shape` where shapes do not fit
 * @see Hochreiter and Schmidhuber, "Long Short-Term Memory", 1997
 */
export function lstm(
  input: TensorLike,
  h0: TensorLike,
  c0: TensorLike,
  weightIh: TensorLike,
  weightHh: TensorLike,
  biasIh: TensorLike | null = null,
  biasHh: TensorLike | null = null,
): LstmOutput {
  const weights = { weightIh, weightHh, biasIh, biasHh }
  const { length, hidden } = checkRecurrent('lstm', 4, input, { h0, c0 }, weights)
  // What the inputs give is one product for all steps.
  const fromInput = linear(input, weightIh, biasIh)
  let [h, c] = [h0, c0].map(state => tensorOf(state).select(0, 0))
  const outputs: Tensor[] = []
  for (let step = 0; step < length; step++) {
    const gates = fromInput.select(1, step).add(linear(h, weightHh, biasHh))
    const gate = (i: number): Tensor => gates.narrow(1, i * hidden, hidden)
    c = gate(1)
      .sigmoid()
      .mul(c)
      .add(gate(0).sigmoid().mul(gate(2).tanh()))
    h = gate(3).sigmoid().mul(c.tanh())
    outputs.push(h)
  }
  return { output: stack(outputs, { dim: 1 }), hn: h.unsqueeze(0), cn: c.unsqueeze(0) }
}

/**
 * A layer of gated recurrent units: gates r, z of W_ih x + b_ih + W_hh h + b_hh; n = tanh(W_in x + b_in + r (W_hn h +
 * b_hn)), h' = (1 - z) n + z h.
 * @param input [B, T, I]
 * @param h0 [1, B, H]
 * @param weightIh [3 H, I]
 * @param weightHh [3 H, H]
 * @param biasIh [3 H], or null
 * @param biasHh [3 H], or null
 * @throws {SurprisalError} `shape` where shapes do not fit
 * @see Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", 2014
 */
export function gru(
  input: TensorLike,
  h0: TensorLike,
  weightIh: TensorLike,
  weightHh: TensorLike,
  biasIh: TensorLike | null = null,
  biasHh: TensorLike | null = null,
): GruOutput {
  const weights = { weightIh, weightHh, biasIh, biasHh }
  const { length, hidden } = checkRecurrent('gru', 3, input, { h0 }, weights)
  const fromInput = linear(input, weightIh, biasIh)
  let h = tensorOf(h0).select(0, 0)
  const outputs: Tensor[] = []
  for (let step = 0; step < length; step++) {
    const [x, y] = [fromInput.select(1, step), linear(h, weightHh, biasHh)]
    const part = (all: Tensor, i: number): Tensor => all.narrow(1, i * hidden, hidden)
    const reset = part(x, 0).add(part(y, 0)).sigmoid()
    const update = part(x, 1).add(part(y, 1)).sigmoid()
    const candidate = part(x, 2)
      .add(reset.mul(part(y, 2)))
      .tanh()
    h = candidate.add(update.mul(h.sub(candidate)))
    outputs.push(h)
  }
  return { output: stack(outputs, { dim: 1 }), hn: h.unsqueeze(0) }
}
