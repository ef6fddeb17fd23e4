import type { Adapter } from '../gpu/adapter.ts'
import { unsigned, wasmModule } from './wasm-bytes.ts'

/** What one core of this machine does at most from within wasm. */
export interface MachineLimits {
  /** 10^9 bytes read and written in a second by `memory.copy` over 64 MiB. */
  readonly gigabytes: number
  /** 10^9 floating-point operations in a second by multiply-adds between registers. */
  readonly gflops: number
  /** Whether the multiply-adds are the fused ones of relaxed SIMD. */
  readonly fused: boolean
  /** The GPU, where a case is for one; null where there is none. */
  readonly adapter?: Adapter | null
}

const copied = 64 * 2 ** 20
const [i32, f32] = [127, 125]
const localGet = (index: number) => [32, ...unsigned(index)]
const localSet = (index: number) => [33, ...unsigned(index)]
const i32Const = (value: number) => {
  const bytes = unsigned(value)
  return [65, ...bytes.slice(0, -1), ...((bytes.at(-1) ?? 0) > 63 ? [(bytes.at(-1) ?? 0) | 128, 0] : bytes.slice(-1))]
}
const vectorOp = (opcode: number) => [253, ...unsigned(opcode)]
const vectorAdd = vectorOp(228)
const vectorMultiply = vectorOp(230)
const relaxedMultiplyAdd = vectorOp(261)

/** Chains of multiply-adds that do not wait for each other: two units of a latency of four cycles, and some spare. */
const chains = 12

/** `run()` copies 64 MiB to the 64 MiB behind. */
export const copyModule = (): Uint8Array<ArrayBuffer> =>
  wasmModule({
    parameters: [],
    results: [],
    vectors: 0,
    code: [...i32Const(copied), ...i32Const(0), ...i32Const(copied), 252, 10, 0, 0],
    pages: (2 * copied) / 65536,
  })

/** `run(n)` does n rounds of {@link chains} multiply-adds of four lanes each and returns what keeps them alive. */
export function multiplyAddModule(fused: boolean): Uint8Array<ArrayBuffer> {
  const chain = Array.from({ length: chains }, (_, i) => 2 + i)
  const factor = 1
  const half = [253, 12, ...Array.from({ length: 4 }, () => [0, 0, 0, 63]).flat()]
  const step = chain.flatMap(index => [
    ...localGet(index),
    ...localGet(factor),
    ...(fused ? [...localGet(factor), ...relaxedMultiplyAdd] : [...vectorMultiply, ...localGet(factor), ...vectorAdd]),
    ...localSet(index),
  ])
  const countDown = [...localGet(0), ...i32Const(1), 107, 34, 0, 13, 0]
  const total = chain.slice(1).flatMap(index => [...localGet(index), ...vectorAdd])
  return wasmModule({
    parameters: [i32],
    results: [f32],
    vectors: chains + 1,
    code: [
      ...half,
      ...localSet(factor),
      ...[3, 64, ...step, ...countDown, 11],
      ...localGet(chain[0]),
      ...total,
      ...[253, 31, 0],
    ],
  })
}

/** Measures the limits: the best of several runs of some milliseconds each, half a second in all. */
export function measureMachine(): MachineLimits {
  const copy = exportOf<() => void>(copyModule())
  const fused = WebAssembly.validate(multiplyAddModule(true))
  const multiplyAdd = exportOf<(rounds: number) => number>(multiplyAddModule(fused))
  const rounds = 1_000_000
  const flops = rounds * chains * 4 * 2
  return {
    gigabytes: (2 * copied) / best(10, copy) / 1e6,
    gflops: flops / best(40, () => multiplyAdd(rounds)) / 1e6,
    fused,
  }
}

function exportOf<F>(bytes: Uint8Array<ArrayBuffer>): F {
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.run as F
}

/** Fewest milliseconds of several runs. */
function best(runs: number, run: () => void): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < runs; i++) {
    const start = performance.now()
    run()
    least = Math.min(least, performance.now() - start)
  }
  return least
}
