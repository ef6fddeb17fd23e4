import type { Named, OwnProgram } from '@surprisal/bench'
import { AdamW, type Module } from '@surprisal/nn'
import { gradients, type Tensor } from '@surprisal/tensor'
import { adamW } from './adam-w.ts'

/** A model with the weights of the case, and its loss. */
export interface OwnTask {
  readonly model: Module
  readonly lossOf: () => Tensor
}

/** Trains a module with the optimiser of this package; what is compared are the losses of three steps. */
export const ownTraining = (make: (x: Named<Tensor>) => OwnTask): OwnProgram => ({
  prepare: x => {
    const { model, lossOf } = make(x)
    const parameters = model.parameters()
    const { lr, beta1, beta2, eps, weightDecay } = adamW
    const optimizer = new AdamW(parameters, { lr, betas: [beta1, beta2], eps, weightDecay })
    const step = async () => {
      const loss = lossOf()
      optimizer.step(gradients(loss, parameters))
      await optimizer.settle(loss)
      return loss
    }
    let last: Tensor | undefined
    return {
      async run() {
        last?.dispose()
        last = await step()
      },
      async results() {
        const losses = [last as Tensor, await step(), await step()]
        const numbers = await Promise.all(losses.map(loss => loss.data()))
        for (const loss of losses) loss.dispose()
        last = undefined
        return numbers
      },
    }
  },
})

/** The mean of -log softmax(logits)[target]. */
export function crossEntropy(logits: Tensor, targets: Tensor): Tensor {
  return logits.logSoftmax({ dim: 1 }).gather(1, targets.unsqueeze(1)).mean().neg()
}
