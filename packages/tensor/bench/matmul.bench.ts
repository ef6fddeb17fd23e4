import { contract } from '../src/reference/contract.ts'
import { contiguousStrides } from '../src/shape.ts'
import { contractFloat32 } from '../src/wasm/contract.ts'

interface Case {
  readonly name: string
  /** Floating-point operations of one run, a multiply and an add counted as two. */
  readonly flops: number
  readonly ours: () => void
  readonly peers: Readonly<Record<string, () => void>>
}

interface MatmulCase {
  readonly a: readonly number[]
  readonly b: readonly number[]
  /** Strides of a and b where they are not dense. */
  readonly stridesOfA?: readonly number[]
  readonly stridesOfB?: readonly number[]
  readonly peers: readonly ('naive' | 'reference')[]
}

function operand(shape: readonly number[], strides: readonly number[] | undefined, seed: number) {
  const data = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => Math.sin(seed + i))
  return {
    data,
    dtype: 'float32' as const,
    map: { shape, strides: strides ?? contiguousStrides(shape), offset: 0, guard: null },
  }
}

type Operand = ReturnType<typeof operand>

/** What one would write first. */
function naive(a: Operand, b: Operand, out: Float32Array): void {
  const [batch, m, k] = a.map.shape
  const n = b.map.shape[2]
  const [a0, a1, a2] = a.map.strides
  const [b0, b1, b2] = b.map.strides
  for (let i = 0; i < batch; i++)
    for (let row = 0; row < m; row++)
      for (let column = 0; column < n; column++) {
        let sum = 0
        for (let step = 0; step < k; step++)
          sum += a.data[i * a0 + row * a1 + step * a2] * b.data[i * b0 + step * b1 + column * b2]
        out[(i * m + row) * n + column] = sum
      }
}

function reference(a: Operand, b: Operand, out: Float32Array): void {
  const shape = [a.map.shape[0], a.map.shape[1], b.map.shape[2]]
  const kernel = {
    primitive: { kind: 'contract' },
    op: 'matmul',
    dtype: 'float32',
    shape,
    operands: [],
    output: 0,
  } as const
  contract(kernel, [a, b], out)
}

const implementations = { naive, reference }

function assertClose(name: string, got: Float32Array, expected: Float32Array): void {
  const at = got.findIndex((value, i) => !(Math.abs(value - expected[i]) <= 1e-3 + 1e-4 * Math.abs(expected[i])))
  if (at >= 0) throw new Error(`${name}: element ${at} is ${got[at]}, expected ${expected[at]}`)
}

function createCase(name: string, { a: shapeOfA, b: shapeOfB, stridesOfA, stridesOfB, peers }: MatmulCase): Case {
  const a = operand(shapeOfA, stridesOfA, 1)
  const b = operand(shapeOfB, stridesOfB, 2)
  const out = new Float32Array(shapeOfA[0] * shapeOfA[1] * shapeOfB[2])
  const other = new Float32Array(out.length)
  const ours = () => contractFloat32(a, b, out)
  ours()
  for (const peer of peers) {
    implementations[peer](a, b, other)
    assertClose(`${name}, ${peer}`, out, other)
  }
  return {
    name,
    flops: 2 * out.length * shapeOfA[2],
    ours,
    peers: Object.fromEntries(peers.map(peer => [peer, () => implementations[peer](a, b, other)])),
  }
}

const square = (size: number, peers: MatmulCase['peers']) =>
  createCase(`[${size}, ${size}] x [${size}, ${size}]`, { a: [1, size, size], b: [1, size, size], peers })

const transposed = [24 * 256, 1, 256]
const both = ['naive', 'reference'] as const

/** One thread, packing included. The [1024, ...] cases are attention over 24 steps and its gradients. */
export const bench = {
  name: 'matmul',
  cases: [
    square(256, both),
    square(512, ['reference']),
    square(1024, []),
    createCase('64 x [256, 64] x [64, 256]', { a: [64, 256, 64], b: [64, 64, 256], peers: both }),
    createCase('1024 x [1, 24] x [24, 256]', { a: [1024, 1, 24], b: [1024, 24, 256], peers: both }),
    createCase('1024 x [1, 256] x [24, 256]^T', {
      a: [1024, 1, 256],
      b: [1024, 256, 24],
      stridesOfB: transposed,
      peers: both,
    }),
    createCase('1024 x [24, 1] x [1, 256]', { a: [1024, 24, 1], b: [1024, 1, 256], peers: both }),
    createCase('[1, 1024] x [1024, 1024]', { a: [1, 1, 1024], b: [1, 1024, 1024], peers: both }),
  ],
}

/** Least time of one run in milliseconds. */
function fastest(run: () => void, rounds: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    run()
    least = Math.min(least, performance.now() - start)
  }
  return least
}

if (import.meta.main) {
  const rows = bench.cases.map(({ name, flops, ours, peers }) => {
    const least = fastest(ours, 20)
    const ratios = Object.entries(peers).map(([peer, run]) => [`x ${peer}`, (fastest(run, 4) / least).toFixed(1)])
    return {
      case: name,
      ms: least.toFixed(3),
      'GFLOP/s': (flops / least / 1e6).toFixed(1),
      ...Object.fromEntries(ratios),
    }
  })
  console.table(rows)
}
