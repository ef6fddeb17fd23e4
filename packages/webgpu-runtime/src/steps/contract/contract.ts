import { bytesPerElement, type DType, sizeOf } from '@surprisal/tensor/backend'
import { type GroupKernel, lowerGroup } from '../../wgsl/group-kernel.ts'
import { checksOf } from '../../wgsl/index-checks.ts'
import { Params } from '../../wgsl/params.ts'
import type { Sharing } from '../../wgsl/tree.ts'
import { type LoweredStep, nothing, type StepOptions, sharingOf, type Workspace } from '../lowered-step.ts'
import { type Block, blockOf } from './block.ts'
import { lowerDirect } from './direct.ts'
import { lowerDots } from './dots.ts'
import { type Finish, fitsEpilogue, following, storing } from './finish.ts'
import { lowerJoinParts } from './join-parts.ts'
import { isPacked } from './packed.ts'
import { type ContractStep, type Product, productOf } from './product.ts'
import { lowerTiled, type Tiling } from './tiled.ts'
import { tilingOf } from './tiling.ts'

/**
 * The kernels of a matrix product: of large ones by tiles, of others by sums; by blocks of single invocations where a
 * processor plays the GPU. What follows on the product is computed where its elements are stored; null for what has only
 * a plain loop.
 */
export function lowerContract(step: ContractStep, options: StepOptions): LoweredStep | null {
  const { dtype, shape, sizes, epilogue } = step
  const { accumulate = false, adapter = 'unknown', checkIndices = false, features, limits, tile } = options
  const checks = epilogue && checkIndices ? checksOf(epilogue.group) : []
  if (sizeOf(shape) === 0) return nothing
  if (accumulate && (epilogue || bytesPerElement[dtype] < 4)) return null
  const most = limits.maxStorageBuffersPerShaderStage
  const product = productOf(step, epilogue ? epilogue.group.buffers.length : 0)
  const sharing = sharingOf(options)
  const cut = adapter === 'software' ? blockOf(product) : tilingOf(product, adapter, tile)
  const how = { cut, sharing, packed: isPacked(product, features) }
  if (!epilogue) return lower(product, how, sizes.length, (_, fours) => storing(2, dtype, accumulate, fours))
  if (fitsEpilogue(epilogue, most))
    return {
      ...lower(product, how, sizes.length, params => following(epilogue, sizes, params, most, checks)),
      checks,
    }
  const stored = lower(product, how, sizes.length, (_, fours) => storing(epilogue.product, dtype, false, fours))
  const bytes = Math.ceil((sizeOf(shape) * bytesPerElement[dtype]) / 4) * 4
  return {
    checks,
    kernels: [...stored.kernels, ...lowerGroup(epilogue.group, sizes, limits, checks, sharing)],
    workspaces: [...stored.workspaces, { buffer: epilogue.product, bytes }],
  }
}

/** How a product is computed. */
interface How {
  /** Blocks without workgroup memory, tiles in it, or results one by one. */
  readonly cut: Block | Tiling | null
  readonly sharing: Sharing
  readonly packed: boolean
}

/** @param free the first number that stands for no buffer of the step */
function lower(
  product: Product,
  how: How,
  free: number,
  finishOf: (params: Params, fours: boolean) => Finish,
): LoweredStep {
  const { cut, packed } = how
  const params = new Params()
  if (!cut) return { ...nothing, kernels: [lowerDots(product, params, finishOf(params, false), how)] }
  const { batch, rows, columns } = product
  const fours = 'tile' in cut && columns % 4 === 0
  const kernelOf = (finish: Finish): GroupKernel =>
    'tile' in cut ? lowerTiled(product, cut, params, finish, packed) : lowerDirect(product, cut, params, finish, packed)
  if (cut.parts === 1) return { ...nothing, kernels: [kernelOf(finishOf(params, fours))] }
  const whole: DType = product.dtype === 'int32' ? 'int32' : 'float32'
  const parted: Workspace = { buffer: free, bytes: 4 * cut.parts * batch * rows * columns }
  const joining = new Params()
  const join = lowerJoinParts(product, cut.parts, free, joining, finishOf(joining, false))
  return { ...nothing, kernels: [kernelOf(storing(free, whole, false, fours)), join], workspaces: [parted] }
}
