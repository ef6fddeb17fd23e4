import { type DType, sizeOf } from '@surprisal/tensor/backend'
import { loadElement, zeroOf } from '../../wgsl/elements.ts'
import type { GroupKernel } from '../../wgsl/group-kernel.ts'
import { Params } from '../../wgsl/params.ts'
import { Binder } from '../binder.ts'
import { elementKernel } from '../element-kernel.ts'
import { type LoweredStep, nothing } from '../lowered-step.ts'
import { Walk } from '../walk.ts'
import type { Operand } from './operand.ts'

/** What `cat` joins: the buffers of the reads, then the result's. */
export interface Cat {
  readonly reads: readonly Operand[]
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly dim: number
}

/** Reads one behind the other along a dim; as many at a time as can be bound. */
export function lowerCat(cat: Cat, mostBindings: number): LoweredStep {
  const { reads, shape, dim } = cat
  if (sizeOf(shape) === 0) return nothing
  let end = 0
  const parts = reads.flatMap(({ map }, buffer) => {
    const start = end
    end += map.shape[dim]
    return end > start ? [{ buffer, start, end }] : []
  })
  const kernels: GroupKernel[] = []
  for (let first = 0; first < parts.length; first += mostBindings - 1)
    kernels.push(lowerParts(cat, parts.slice(first, first + mostBindings - 1), parts.length < mostBindings))
  return { ...nothing, kernels }
}

/** An operand, and where it stands along the dim. */
interface Part {
  readonly buffer: number
  readonly start: number
  readonly end: number
}

function lowerParts({ reads, dtype, shape, dim }: Cat, parts: readonly Part[], whole: boolean): GroupKernel {
  const params = new Params()
  const binder = new Binder()
  const accesses = parts.map(({ buffer }) => reads[buffer].map)
  const names = parts.map(({ buffer }) => binder.read(buffer, `b${buffer}`))
  const out = binder.write(reads.length, 'out')
  const walk = new Walk(params, shape, accesses, [dim])
  const along = walk.coordinate(dim)
  const choices = parts.map(({ start, end }, k) => {
    const before = params.word((start * reads[parts[k].buffer].map.strides[dim]) >>> 0)
    const load = loadElement(dtype, names[k], `(${walk.index(accesses[k])} - ${before})`)
    return `if (along >= ${params.word(start)} && along < ${params.word(end)}) { value = ${load}; }`
  })
  const [from, to] = [params.word(parts[0].start), params.word((parts.at(-1) as Part).end)]
  const body = [
    ...walk.coordinates('i'),
    `let along = ${along};`,
    `var value = ${zeroOf(dtype)};`,
    choices.join('\nelse '),
  ]
  const only = whole ? undefined : `along >= ${from} && along < ${to}`
  return elementKernel({ params, binder, out, dtype, size: sizeOf(shape), body, only })
}
