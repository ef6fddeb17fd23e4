import { bytesPerElement, type DType, sizeOf } from '@surprisal/tensor/backend'
import { type GroupKernel, lowerGroup } from '../../wgsl/group-kernel.ts'
import { checksOf } from '../../wgsl/index-checks.ts'
import { Params } from '../../wgsl/params.ts'
import { type LoweredStep, nothing, type StepOptions, type Workspace } from '../lowered-step.ts'
import { lowerDots } from './dots.ts'
import { type Finish, fitsEpilogue, following, storing } from './finish.ts'
import { lowerJoinParts } from './join-parts.ts'
import { type ContractStep, type Product, productOf } from './product.ts'
import { lowerTiled, type Tiling } from './tiled.ts'
import { tilingOf } from './tiling.ts'

/**
 * The kernels of a matrix product: of large ones by tiles, of others by sums. What follows on the product is computed
 * where its elements are stored; null for what has only a plain loop.
 */
export function lowerContract(step: ContractStep, options: StepOptions): LoweredStep | null {
  const { dtype, shape, sizes, epilogue } = step
  const { accumulate = false, adapter = 'gpu', checkIndices = false, limits } = options
  const checks = epilogue && checkIndices ? checksOf(epilogue.group) : []
  if (sizeOf(shape) === 0) return nothing
  if (accumulate && (epilogue || bytesPerElement[dtype] < 4)) return null
  const most = limits.maxStorageBuffersPerShaderStage
  const product = productOf(step, epilogue ? epilogue.group.buffers.length : 0)
  const tiling = tilingOf(product, adapter)
  if (!epilogue) return lower(product, tiling, sizes.length, (_, fours) => storing(2, dtype, accumulate, fours))
  if (fitsEpilogue(epilogue, most))
    return {
      ...lower(product, tiling, sizes.length, params => following(epilogue, sizes, params, most, checks)),
      checks,
    }
  const stored = lower(product, tiling, sizes.length, (_, fours) => storing(epilogue.product, dtype, false, fours))
  const bytes = Math.ceil((sizeOf(shape) * bytesPerElement[dtype]) / 4) * 4
  return {
    checks,
    kernels: [...stored.kernels, ...lowerGroup(epilogue.group, sizes, limits, checks)],
    workspaces: [...stored.workspaces, { buffer: epilogue.product, bytes }],
  }
}

/** @param free the first number that stands for no buffer of the step */
function lower(
  product: Product,
  tiling: Tiling | null,
  free: number,
  finishOf: (params: Params, fours: boolean) => Finish,
): LoweredStep {
  const params = new Params()
  if (!tiling) return { ...nothing, kernels: [lowerDots(product, params, finishOf(params, false))] }
  if (tiling.parts === 1)
    return { ...nothing, kernels: [lowerTiled(product, tiling, params, finishOf(params, product.columns % 4 === 0))] }
  const { batch, rows, columns } = product
  const whole: DType = product.dtype === 'int32' ? 'int32' : 'float32'
  const parted: Workspace = { buffer: free, bytes: 4 * tiling.parts * batch * rows * columns }
  const first = lowerTiled(product, tiling, params, storing(free, whole, false, columns % 4 === 0))
  const joining = new Params()
  const kernels: GroupKernel[] = [first, lowerJoinParts(product, tiling.parts, free, joining, finishOf(joining, false))]
  return { ...nothing, kernels, workspaces: [parted] }
}
