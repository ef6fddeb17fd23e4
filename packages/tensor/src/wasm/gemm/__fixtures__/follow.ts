import { bytesPerElement, type HostArray, hostArray } from '../../../dtype.ts'
import type { Epilogue } from '../../../fusion/epilogue.ts'
import { runGroup } from '../../codegen/__fixtures__/run-group.ts'
import { floatFromHalf, halfFromFloat } from '../../half.ts'
import { lowerContract } from '../contract.ts'
import { type Product, run } from './product.ts'
import { type Cut, reserve } from './run.ts'

export interface FollowOptions {
  readonly relaxed: boolean
  readonly threads?: number
  readonly cut?: Cut
  readonly scalars?: readonly number[]
}

const bytesOf = (dtype: Epilogue['group']['buffers'][number], data: HostArray): Uint8Array =>
  dtype === 'float16'
    ? new Uint8Array(Uint16Array.from(data, halfFromFloat).buffer)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

/** What the group's stores hold when its kernel runs behind the product's. */
export function apart(
  product: Product,
  { group, product: at }: Epilogue,
  data: readonly HostArray[],
  options: FollowOptions,
) {
  const { relaxed, scalars = [] } = options
  const buffers = data.map((array, i) => (i === at ? run(product, { relaxed }) : array))
  const { buffers: results } = runGroup(group, buffers, { relaxed, slots: scalars })
  return group.stores.map(({ buffer }) => results[buffer])
}

/** The same where the product's kernel does it; also which phases there were. */
export function together(product: Product, epilogue: Epilogue, data: readonly HostArray[], options: FollowOptions) {
  const { relaxed, threads = 1, cut, scalars = [] } = options
  const { group } = epilogue
  const lowered = lowerContract(product.spec, { relaxed, threads }, epilogue)
  const arrays = [
    ...data.map((array, i) => bytesOf(group.buffers[i], array)),
    ...[product.a, product.b].map((numbers, i) => {
      const array = hostArray(product.spec.operands[i], numbers.length)
      array.set(numbers)
      return new Uint8Array(array.buffer)
    }),
  ]
  const spare = lowered.workspaceBytes + Math.max(0, ...lowered.phases.map(p => p.scratchBytes)) + 65536
  const arena = reserve(
    arrays.map(({ length }) => length),
    spare,
  )
  const bytes = new Uint8Array(arena.memory.buffer)
  arena.pointers.forEach((pointer, i) => {
    bytes.fill(0xff, pointer, pointer + arrays[i].length + 64)
    // The product stands nowhere: what is written to its buffer shows.
    if (i !== epilogue.product) bytes.set(arrays[i], pointer)
  })
  arena.run(lowered, relaxed, cut, scalars)
  const after = new Uint8Array(arena.memory.buffer)
  arena.pointers.forEach((pointer, i) => {
    const from = i === epilogue.product ? 0 : arrays[i].length
    for (let at = from; at < arrays[i].length + 64; at++)
      if (after[pointer + at] !== 0xff) throw new Error(`wrote behind buffer ${i}`)
  })
  const results = group.stores.map(({ buffer }) => {
    const dtype = group.buffers[buffer]
    const out = hostArray(dtype, data[buffer].length)
    const stored = after.slice(arena.pointers[buffer], arena.pointers[buffer] + out.length * bytesPerElement[dtype])
    if (dtype === 'float16')
      new Uint16Array(stored.buffer).forEach((half, i) => {
        out[i] = floatFromHalf(half)
      })
    else new Uint8Array(out.buffer).set(stored)
    return out
  })
  return { results, keys: lowered.phases.map(({ key }) => key) }
}
