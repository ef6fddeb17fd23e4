import {
  add,
  type Device,
  gradients,
  matmul,
  mul,
  normal,
  Parameter,
  randomKey,
  scope,
  setDefaultDevice,
  sub,
  tensor,
  zeros,
} from '@surprisal/tensor'

/**
 * Trains a network of two layers by gradient descent with momentum, on other data in every step.
 * @param onStep told of each step that is over
 * @returns the loss of each step
 */
export async function train(device: Device, steps: number, onStep: (step: number) => void = () => {}) {
  setDefaultDevice(device)
  const key = randomKey(1)
  const [w1, b1] = [new Parameter(mul(normal([key[0], 1], [2, 16]), 0.5)), new Parameter(zeros([16]))]
  const [w2, b2] = [new Parameter(mul(normal([key[0], 2], [16, 1]), 0.5)), new Parameter(zeros([1]))]
  const cells = [w1, b1, w2, b2]
  const momenta = cells.map(({ shape }) => new Parameter(zeros(shape)))
  const losses: number[] = []
  for (let step = 0; step < steps; step++) {
    await scope(async () => {
      const data = Float32Array.from({ length: 64 }, (_, k) => Math.sin(k * 1.7 + step))
      const x = tensor(data, { shape: [32, 2] })
      const y = x.square().sum({ dim: 1, keepdim: true })
      const hidden = add(matmul(x, w1), b1).tanh()
      const loss = add(matmul(hidden, w2), b2).sub(y).square().mean()
      gradients(loss, cells).forEach((grad, i) => {
        momenta[i].assign(add(mul(momenta[i], 0.9), grad))
        cells[i].assign(sub(cells[i], mul(momenta[i], 0.01)))
      })
      losses.push(Number(await loss.item()))
    })
    onStep(step)
  }
  return losses
}
