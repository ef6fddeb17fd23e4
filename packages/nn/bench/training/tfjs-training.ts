import type { Named, Tfjs, TfjsProgram, TfjsTensor } from '@surprisal/bench'
import { adamW } from './adam-w.ts'

type LossOf = (parameters: Named<TfjsTensor>) => TfjsTensor

/**
 * Trains with AdamW written in its ops, as the library has none.
 * @param names inputs that are parameters
 * @param make gives the loss as a function of them
 */
export const tfjsTraining = (
  names: readonly string[],
  make: (x: Named<TfjsTensor>, tf: Tfjs) => LossOf,
): TfjsProgram => ({
  prepare: (x, tf) => {
    const lossOf = make(x, tf)
    const { lr, beta1, beta2, eps, weightDecay } = adamW
    const named = (values: readonly TfjsTensor[]) => Object.fromEntries(names.map((name, i) => [name, values[i]]))
    const forward = (...values: TfjsTensor[]) => lossOf(named(values)) as ReturnType<Tfjs['scalar']>
    let state = {
      p: names.map(name => tf.clone(x[name])),
      m: names.map(name => tf.zerosLike(x[name])),
      v: names.map(name => tf.zerosLike(x[name])),
      loss: tf.scalar(0) as TfjsTensor,
    }
    let steps = 0
    const step = () => {
      steps++
      const next = tf.tidy(() => {
        const { value, grads } = tf.valueAndGrads(forward)(state.p)
        const m = state.m.map((old, i) => tf.add(tf.mul(old, beta1), tf.mul(grads[i], 1 - beta1)))
        const v = state.v.map((old, i) => tf.add(tf.mul(old, beta2), tf.mul(tf.square(grads[i]), 1 - beta2)))
        const p = state.p.map((old, i) => {
          const root = tf.add(tf.sqrt(tf.mul(v[i], 1 / (1 - beta2 ** steps))), eps)
          return tf.sub(tf.mul(old, 1 - lr * weightDecay), tf.mul(tf.div(m[i], root), lr / (1 - beta1 ** steps)))
        })
        return { p, m, v, loss: value as TfjsTensor }
      })
      tf.dispose(state)
      state = next
    }
    const stepWithLoss = () => {
      step()
      return state.loss.data()
    }
    return { run: step, results: async () => [await state.loss.data(), await stepWithLoss(), await stepWithLoss()] }
  },
})
