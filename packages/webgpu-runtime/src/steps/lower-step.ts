import { type KernelStep, sizeOf, type Value } from '@surprisal/tensor/backend'
import { lowerGroup } from '../wgsl/group-kernel.ts'
import { checksOf } from '../wgsl/index-checks.ts'
import { lowerContract } from './contract/contract.ts'
import { lowerData } from './data/lower-data.ts'
import { type LoweredStep, nothing, type StepOptions, sharingOf } from './lowered-step.ts'

/** Elements of a value in memory: a number is one, whatever it is repeated over. */
export const elementsIn = ({ role, node }: Value): number => (role === 'number' ? 1 : sizeOf(node.shape))

/**
 * The value in each buffer of a step. The number of a product that something follows on stands for no buffer: it is
 * given none, or the workspace that has its number.
 */
export function buffersOf(step: KernelStep): readonly number[] {
  if (step.kind === 'fused') return step.buffers
  const operands = step.reads.map(({ base }) => base)
  return step.kind === 'product' ? [...step.buffers, ...operands] : [...operands, step.makes[0]]
}

/** What a step runs on a device; null where only the primitive's plain loop can do it. */
export function lowerStep(step: KernelStep, values: readonly Value[], options: StepOptions): LoweredStep | null {
  const sizes = buffersOf(step).map(value => elementsIn(values[value]))
  if (step.kind === 'fused') {
    const { checkIndices, limits } = options
    const checks = checkIndices ? checksOf(step.group) : []
    return { ...nothing, kernels: lowerGroup(step.group, sizes, limits, checks, sharingOf(options)), checks }
  }
  const reads = step.reads.map(({ base, map, groups }) => ({ dtype: values[base].node.dtype, map, groups }))
  if (step.kind === 'product') {
    const { dtype, shape } = values[step.buffers[step.product]].node
    return lowerContract({ reads, dtype, shape, sizes, epilogue: step }, options)
  }
  const { primitive, dtype, shape } = values[step.makes[0]].node
  if (primitive.kind === 'contract') return lowerContract({ reads, dtype, shape, sizes, epilogue: null }, options)
  return lowerData({ primitive, dtype, shape, reads }, options)
}
