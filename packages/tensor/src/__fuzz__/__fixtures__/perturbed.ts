import { roundToHalf } from '../../dtype.ts'
import { type Executor, registerExecutor } from '../../executor.ts'
import { contract } from '../../reference/contract.ts'
import { binary, unary } from '../../reference/elementwise.ts'
import { createReferenceExecutor } from '../../reference/executor.ts'
import { host } from '../../reference/host.ts'
import { scatter } from '../../reference/indexing.ts'
import type { KernelFunction } from '../../reference/kernel-function.ts'
import { reduce } from '../../reference/reduce.ts'
import { scan } from '../../reference/scan.ts'
import { put } from '../../reference/slices.ts'
import { fold } from '../../reference/views.ts'
import { isExact, marginsOf } from './margins.ts'

/** Numbers in [0, 1) that depend on the seed only (Marsaglia, "Xorshift RNGs", 2003). */
function uniforms(seed: number): () => number {
  let state = (Math.imul(seed + 1, 0x9e3779b1) | 1) >>> 0
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** A result that a correct executor might give for `x`, known to within `margin`. */
function nearby(x: number, margin: number, half: boolean, next: () => number): number {
  if (margin === 0) return x
  if (Number.isNaN(margin)) return next() < 0.5 ? Number.NaN : x
  if (!half) return x + margin * (2 * next() - 1)
  // A half is so coarse that a neighbour is rarely met by chance, and so it is chosen where it can be met at all.
  const low = roundToHalf(Math.fround(x - margin))
  const high = roundToHalf(Math.fround(x + margin))
  return next() < 0.5 ? low : high
}

function perturb(base: KernelFunction, next: () => number): KernelFunction {
  return (kernel, operands, out) => {
    if (isExact(kernel)) {
      base(kernel, operands, out)
      return
    }
    const results = new Float64Array(out.length)
    base(kernel, operands, results)
    const margins = marginsOf(base, kernel, operands, results)
    const half = kernel.dtype === 'float16'
    for (let i = 0; i < out.length; i++) out[i] = nearby(results[i], margins[i], half, next)
  }
}

const inexact = { unary, binary, reduce, scan, scatter, put, contract, fold, host }

/**
 * The oracle with errors: every result that a correct executor need not give to the bit is moved at random within the
 * margin that it has. How far the values of a graph move over several such runs says how well its inputs and its
 * roundings determine them (Monte Carlo arithmetic; Parker, "Monte Carlo arithmetic", 1997): little for a mean, much
 * behind a difference of nearly equal numbers, by whole units behind a rounding of a number near a half.
 */
export function usePerturbed(seed: number): void {
  const next = uniforms(seed)
  const overrides = Object.fromEntries(Object.entries(inexact).map(([kind, base]) => [kind, perturb(base, next)]))
  const executor: Executor = createReferenceExecutor({ name: 'perturbed', overrides })
  registerExecutor(executor)
}
