import { sizeOf } from '@surprisal/tensor/backend'
import type { IndexCheck } from '../../wgsl/index-checks.ts'
import type { LoweredStep, StepOptions } from '../lowered-step.ts'
import { lowerSort } from './argsort.ts'
import { lowerCat } from './cat.ts'
import { lowerCheck } from './check.ts'
import { lowerFold } from './fold.ts'
import { lowerGather, lowerTake } from './look-up.ts'
import type { DataStep } from './operand.ts'
import { lowerScan } from './scan.ts'
import { lowerPut, lowerScatter } from './scatter.ts'
import { lowerView } from './view.ts'

/** The kernels of a primitive that moves elements; null where only its plain loop can do it. */
export function lowerData(step: DataStep, options: StepOptions): LoweredStep | null {
  const lowered = lowerMove(step, options)
  const check = options.checkIndices ? indexOf(step) : null
  if (!lowered || !check || sizeOf(step.reads[1].map.shape) === 0) return lowered
  const kernels = [lowerCheck(step.reads[1], 1, check.size), ...lowered.kernels]
  return { ...lowered, kernels, checks: [check] }
}

/** What the index of a step, its second operand, addresses. */
function indexOf({ primitive, shape, reads }: DataStep): IndexCheck | null {
  switch (primitive.kind) {
    case 'take':
    case 'gather':
      return { op: primitive.op, dim: primitive.dim, size: reads[0].map.shape[primitive.dim] }
    case 'put':
    case 'scatter':
      return { op: primitive.op, dim: primitive.dim, size: shape[primitive.dim] }
    default:
      return null
  }
}

function lowerMove({ primitive, dtype, shape, reads }: DataStep, options: StepOptions): LoweredStep | null {
  const [x, index, source] = reads
  switch (primitive.kind) {
    case 'view':
      return lowerView(x)
    case 'cat':
      return lowerCat({ reads, dtype, shape, dim: primitive.dim }, options.limits.maxStorageBuffersPerShaderStage)
    case 'take':
      return lowerTake({ x, index, shape, dim: primitive.dim })
    case 'gather':
      return lowerGather({ x, index, shape, dim: primitive.dim })
    case 'put':
      return lowerPut({ f: primitive.f, base: x, index, source, shape, dim: primitive.dim })
    case 'scatter':
      return lowerScatter({ f: primitive.f, base: x, index, source, shape, dim: primitive.dim })
    case 'fold':
      return lowerFold({ x, map: primitive.map, shape })
    case 'scan':
      return lowerScan({ ...primitive, x, dtype })
    case 'argsort':
      return lowerSort({
        x,
        dim: primitive.dim,
        descending: primitive.descending,
        places: shape[primitive.dim],
        from: 0,
        to: 1,
        free: 2,
      })
    default:
      return null
  }
}
