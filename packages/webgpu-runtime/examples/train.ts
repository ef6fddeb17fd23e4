import {
  add,
  gradients,
  matmul,
  mul,
  normal,
  Parameter,
  randomKey,
  scope,
  sub,
  type Tensor,
  tensor,
  zeros,
} from '@surprisal/tensor'
import { useDevice } from '@surprisal/webgpu-runtime'
import { gpuForTests } from '@surprisal/webgpu-runtime/software'

/*
 * A network of two layers learns x^2 + y^2 by gradient descent with momentum, on 32 other points in every step:
 *
 *   node --conditions=@surprisal/source packages/webgpu-runtime/examples/train.ts [webgpu | software | cpu]
 *
 * `software` is a GPU played by the processor. Only `useDevice` says where it runs.
 */

const key = randomKey(1)[0]

/** Points `[32, 2]` and what the network has to say about them, `[32, 1]`. */
function batchOf(step: number): [Tensor, Tensor] {
  const points = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i * 1.7 + step))
  const x = tensor(points, { shape: [32, 2] })
  return [x, x.square().sum({ dim: 1, keepdim: true })]
}

/**
 * Trains on the default device.
 * @param onStep told of each step that is over
 * @returns the loss of each step
 */
export async function train(steps: number, onStep: (step: number) => void = () => {}): Promise<number[]> {
  const [w1, b1] = [new Parameter(mul(normal([key, 1], [2, 16]), 0.5)), new Parameter(zeros([16]))]
  const [w2, b2] = [new Parameter(mul(normal([key, 2], [16, 1]), 0.5)), new Parameter(zeros([1]))]
  const parameters = [w1, b1, w2, b2]
  const momenta = parameters.map(({ shape }) => new Parameter(zeros(shape)))
  const losses: number[] = []
  for (let step = 0; step < steps; step++) {
    await scope(async () => {
      const [x, y] = batchOf(step)
      const hidden = add(matmul(x, w1), b1).tanh()
      const loss = add(matmul(hidden, w2), b2).sub(y).square().mean()
      gradients(loss, parameters).forEach((gradient, i) => {
        momenta[i].assign(add(mul(momenta[i], 0.9), gradient))
        parameters[i].assign(sub(parameters[i], mul(momenta[i], 0.01)))
      })
      // One read computes the loss and everything assigned, in one submission.
      losses.push(Number(await loss.item()))
    })
    onStep(step)
  }
  return losses
}

if (import.meta.main) {
  const [where = 'webgpu'] = process.argv.slice(2)
  const gpu = where === 'software' ? await gpuForTests() : null
  if (where !== 'cpu') await useDevice('webgpu', gpu ? { gpu } : {})
  const losses = await train(300)
  for (const step of [0, 99, 199, 299]) console.log(`step ${step + 1}: loss ${losses[step].toFixed(4)}`)
}
