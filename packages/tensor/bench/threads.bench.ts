import { defineBench, type InputSpec, type Named, type OwnProgram } from '@surprisal/bench'
import { conv2d } from '@surprisal/tensor'

/** A computation on two threads beside the same one on one thread. */
const onTwoThreads = (name: string, inputs: Named<InputSpec>, ours: OwnProgram) =>
  defineBench({
    case: `${name}-two-threads`,
    inputs,
    ours,
    threads: 2,
    requires: ['setThreads'],
    tolerance: { rtol: 0, atol: 0 },
    variants: { 'one-thread': { threads: 1 } },
    targets: { 'one-thread': 1.5 },
  })

export default [
  onTwoThreads('matmul-512', { a: { shape: [512, 512] }, b: { shape: [512, 512] } }, ({ a, b }) => a.matmul(b)),
  onTwoThreads('softmax', { x: { shape: [4096, 1024], min: -4, max: 4 } }, ({ x }) => x.softmax({ dim: 1 })),
  onTwoThreads(
    'conv2d',
    { x: { shape: [8, 32, 56, 56] }, weight: { shape: [64, 32, 3, 3], min: -0.1, max: 0.1 } },
    ({ x, weight }) => conv2d(x, weight, undefined, { padding: 1 }),
  ),
]
