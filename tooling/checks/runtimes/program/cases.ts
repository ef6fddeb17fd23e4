import { conv2d, gradients, type Tensor, tensor } from '@surprisal/tensor'
import * as loops from './loops.ts'

/** A computation with what must come out. */
export interface Case {
  readonly name: string
  compute(): Tensor
  expected(): Float64Array
}

const matrix = (values: Float32Array, ...shape: number[]): Tensor => tensor(values, { shape })

const [rows, inner, columns] = [160, 192, 224]
const a = loops.numbers(rows * inner, 1)
const b = loops.numbers(inner * columns, 2)
const weight = loops.numbers(rows * inner, 3)

const [channels, size, filters] = [8, 20, 16]
const image = loops.numbers(channels * size * size, 4)
const kernel = loops.numbers(filters * channels * 9, 5)

const labels = Array.from({ length: rows }, (_, i) => (i * 37) % inner)

function crossEntropy(logits: Tensor): Tensor {
  const index = tensor(labels, { dtype: 'int32' }).reshape([rows, 1])
  return logits.logSoftmax().gather(1, index).neg().mean()
}

function gradientOf(loss: (x: Tensor) => Tensor): Tensor {
  const x = matrix(a, rows, inner)
  return gradients(loss(x), [x])[0]
}

export const cases: Case[] = [
  {
    name: 'matmul',
    compute: () => matrix(a, rows, inner).matmul(matrix(b, inner, columns)),
    expected: () => loops.matmul(a, b, rows, inner, columns),
  },
  {
    name: 'softmax',
    compute: () => matrix(a, rows, inner).softmax(),
    expected: () => loops.softmax(a, inner),
  },
  {
    name: 'gradient of softmax',
    compute: () =>
      gradientOf(x =>
        x
          .softmax()
          .mul(matrix(weight, rows, inner))
          .sum(),
      ),
    expected: () => loops.softmaxGradient(a, weight, inner),
  },
  {
    name: 'conv2d',
    compute: () =>
      conv2d(matrix(image, 1, channels, size, size), matrix(kernel, filters, channels, 3, 3), { padding: 1 }),
    expected: () => loops.conv2d(image, kernel, channels, size, filters),
  },
  {
    name: 'sort',
    compute: () => matrix(a, rows, inner).sort().values,
    expected: () => loops.sorted(a, inner),
  },
  {
    name: 'cross-entropy',
    compute: () => crossEntropy(matrix(a, rows, inner)),
    expected: () => loops.crossEntropy(a, labels, inner),
  },
  {
    name: 'gradient of cross-entropy',
    compute: () => gradientOf(crossEntropy),
    expected: () => loops.crossEntropyGradient(a, labels, inner),
  },
]
