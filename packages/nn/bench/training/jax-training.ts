import type { Jax, JaxArray, JaxProgram, Named } from '@surprisal/bench'
import { adamW } from './adam-w.ts'

/** What a step needs beside the parameters, and the loss, which takes ownership of all that it gets. */
export interface JaxTask {
  readonly data: readonly JaxArray[]
  readonly lossOf: (parameters: Named<JaxArray>, data: readonly JaxArray[]) => JaxArray
}

/**
 * Trains with AdamW in the same compiled function as the gradients.
 * @param names inputs that are parameters
 */
export const jaxTraining = (names: readonly string[], make: (x: Named<JaxArray>, jax: Jax) => JaxTask): JaxProgram => ({
  prepare: (x, jax) => {
    const { jit, numpy: np, valueAndGrad } = jax
    const { data, lossOf } = make(x, jax)
    const { lr, beta1, beta2, eps, weightDecay } = adamW
    const named = (values: readonly JaxArray[]) => Object.fromEntries(names.map((name, i) => [name, values[i]]))
    const compiled = jit(
      (p: JaxArray[], m: JaxArray[], v: JaxArray[], rate: JaxArray, correction: JaxArray, given: JaxArray[]) => {
        const forward = (values: JaxArray[]) => lossOf(named(values), given)
        const [loss, grads] = valueAndGrad(forward)(p.map(value => value.ref)) as [JaxArray, JaxArray[]]
        const nextM = m.map((old, i) => old.mul(beta1).add(grads[i].ref.mul(1 - beta1)))
        const nextV = v.map((old, i) => old.mul(beta2).add(np.square(grads[i]).mul(1 - beta2)))
        const nextP = p.map((old, i) => {
          const root = np.sqrt(nextV[i].ref.mul(correction.ref)).add(eps)
          return old.mul(1 - lr * weightDecay).sub(nextM[i].ref.div(root).mul(rate.ref))
        })
        rate.dispose()
        correction.dispose()
        return [[loss], nextP, nextM, nextV]
      },
    )
    const zeros = () => names.map(name => np.zeros([...x[name].shape]))
    let state = [[np.zeros([])], names.map(name => x[name].ref), zeros(), zeros()]
    let steps = 0
    const step = async () => {
      steps++
      const [[loss], p, m, v] = state
      loss.dispose()
      const rate = np.array(lr / (1 - beta1 ** steps))
      const correction = np.array(1 / (1 - beta2 ** steps))
      const given = data.map(value => value.ref)
      state = compiled(p, m, v, rate, correction, given) as JaxArray[][]
      await jax.blockUntilReady(state)
    }
    const loss = () => state[0][0].ref.data()
    const stepWithLoss = async () => {
      await step()
      return loss()
    }
    return { run: step, results: async () => [await loss(), await stepWithLoss(), await stepWithLoss()] }
  },
})
