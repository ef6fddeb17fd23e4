import fc from 'fast-check'
import { expect } from 'vitest'
import { bytesPerElement, type DType, hostArray, roundToHalf } from '../../../dtype.ts'
import type { AffineMap } from '../../../graph/affine.ts'
import { type KernelKind, referenceKernels } from '../../../reference/executor.ts'
import type { KernelOperand } from '../../../reference/kernel-function.ts'
import { type Shape, sizeOf } from '../../../shape.ts'
import { Arena } from '../../arena.ts'
import { KernelCache } from '../../kernel-cache.ts'
import { type Lowered, statusBytes, wordsAt } from '../../lowered.ts'
import { type DataStep, lowerData } from '../lower-data.ts'

const arena = new Arena()
const cache = new KernelCache(arena, false)

/** What stands in a buffer, and how it is read. */
export interface Given {
  readonly dtype: DType
  readonly map: AffineMap
  readonly values: readonly number[]
}

/** How a test cuts units into calls: gives where each call ends. */
export type Cut = (units: number) => number[]

const allAtOnce: Cut = units => [units]
const oneByOne: Cut = units => Array.from({ length: units }, (_, i) => i + 1)

export interface Outcome {
  readonly data: number[]
  /** The first two words of the blocks: whether an index was wrong, and which. */
  readonly status: readonly [number, number]
}

const canary = 0xa5

/** Runs a kernel over buffers of its own; fails where it writes outside of its result. */
export function runLowered(
  lowered: Lowered,
  given: readonly Given[],
  dtype: DType,
  shape: Shape,
  cut = allAtOnce,
): Outcome {
  const size = sizeOf(shape)
  const spans = given.map(({ dtype: own, values }) => {
    const span = arena.allocate(values.length * bytesPerElement[own], 'test')
    arena.write(span.address, own, values)
    return span
  })
  const out = arena.allocate(size * bytesPerElement[dtype] + 128, 'test')
  const workspace = arena.allocate(lowered.workspaceBytes + 64, 'test')
  const pointers = [...spans.map(span => span.address), out.address + 64, workspace.address]
  arena.bytes.fill(canary, out.address, out.address + out.capacity)
  const status: [number, number] = [0, 0]
  const kernels = cache.compile(lowered.phases, () => undefined)
  lowered.phases.forEach((phase, at) => {
    const words = wordsAt(given.length + 1, 0)
    const block = arena.allocate(words + 4 * phase.words.length, 'test')
    const scratch = arena.allocate(phase.scratchBytes, 'test')
    arena.bytes.fill(canary, scratch.address, scratch.address + scratch.capacity)
    arena.words.fill(0, block.address / 4, block.address / 4 + 2)
    arena.words.set(pointers, (block.address + statusBytes) / 4)
    arena.words.set(phase.words, (block.address + words) / 4)
    let begin = 0
    for (const end of cut(phase.units)) {
      kernels[at].call(block.address, begin, end, scratch.address)
      begin = end
    }
    const spare = scratch.address + Math.ceil(phase.scratchBytes / 16) * 16
    expect(arena.bytes.subarray(spare, scratch.address + scratch.capacity).every(byte => byte === canary)).toBe(true)
    const [wrong, value] = arena.words.subarray(block.address / 4, block.address / 4 + 2)
    if (wrong !== 0) status.splice(0, 2, wrong, value)
    arena.free(block)
    arena.free(scratch)
  })
  const data = [...arena.read(out.address + 64, dtype, size)]
  const end = out.address + 64 + size * bytesPerElement[dtype]
  expect(arena.bytes.subarray(out.address, out.address + 64).every(byte => byte === canary)).toBe(true)
  expect(arena.bytes.subarray(end, out.address + out.capacity).every(byte => byte === canary)).toBe(true)
  for (const span of [...spans, out, workspace]) arena.free(span)
  return { data, status }
}

/** What the plain loops make of a step. */
function oracle({ primitive, dtype, shape }: Omit<DataStep, 'reads'>, given: readonly Given[]): number[] {
  const operands = given.map((x): KernelOperand => {
    const data = hostArray(x.dtype, x.values.length)
    data.set(x.values)
    return { data, dtype: x.dtype, map: x.map }
  })
  const out = hostArray(dtype, sizeOf(shape))
  const kernel = { primitive, op: 'test', dtype, shape, operands: [], output: 0 }
  referenceKernels[primitive.kind as KernelKind](kernel, operands, out)
  return [...out]
}

/** Compares the kernel of a step with the plain loops, to the bit, in one call and in one call a unit. */
export function expectSame(step: Omit<DataStep, 'reads'>, given: readonly Given[]): void {
  const expected = oracle(step, given)
  const lowered = lowerData({ ...step, reads: given })
  if (lowered === null) throw new Error(`no kernel for ${step.primitive.kind}`)
  for (const cut of [allAtOnce, oneByOne]) {
    const { data, status } = runLowered(lowered, given, step.dtype, step.shape, cut)
    expect(status).toEqual([0, 0])
    expect(data).toEqual(expected)
  }
}

const specials = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -1.5, 3]

/** Values that a dtype has. */
export function valuesOf(dtype: DType): fc.Arbitrary<number> {
  const float = fc.oneof(
    { weight: 5, arbitrary: fc.float({ min: -8, max: 8, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(...specials) },
  )
  switch (dtype) {
    case 'float32':
      return float
    case 'float16':
      return float.map(roundToHalf)
    case 'int32':
      return fc.integer()
    case 'uint8':
      return fc.integer({ min: 0, max: 255 })
    case 'int8':
      return fc.integer({ min: -128, max: 127 })
    case 'bool':
      return fc.integer({ min: 0, max: 1 })
  }
}

/** Small shapes, with a long dim now and then. */
export const shapes = (most = 4): fc.Arbitrary<number[]> =>
  fc
    .array(
      fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 0, max: 5 }) },
        { weight: 1, arbitrary: fc.constantFrom(17, 40, 70) },
      ),
      { minLength: 1, maxLength: most },
    )
    .filter(shape => sizeOf(shape) < 3000)

/** A strided read of a shape: the dims in any order, some of them broadcast, some backwards, with gaps. */
export function reads(shape: Shape, dtype: DType, values: fc.Arbitrary<number> = valuesOf(dtype)): fc.Arbitrary<Given> {
  const layout = fc.record({
    order: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
    plain: fc.boolean(),
    kinds: fc.array(fc.constantFrom('along', 'along', 'along', 'backwards', 'same', 'apart'), {
      minLength: shape.length,
      maxLength: shape.length,
    }),
    before: fc.integer({ min: 0, max: 3 }),
  })
  return layout.chain(({ order, plain, kinds, before }) => {
    const strides = shape.map(() => 0)
    let stride = 1
    let offset = plain ? 0 : before
    for (const d of plain ? [...shape.keys()].reverse() : order) {
      const kind = plain ? 'along' : kinds[d]
      if (kind === 'same') continue
      if (kind === 'apart') stride *= 2
      strides[d] = kind === 'backwards' ? -stride : stride
      if (kind === 'backwards') offset += stride * Math.max(0, shape[d] - 1)
      stride *= Math.max(1, shape[d])
    }
    const map: AffineMap = { shape, strides, offset, guard: null }
    const length = offset + stride + 1
    return fc.array(values, { minLength: length, maxLength: length }).map(list => ({ dtype, map, values: list }))
  })
}

/** A dense read. */
export const dense = (shape: Shape, dtype: DType, values: readonly number[]): Given => {
  let stride = 1
  const strides = [...shape].reverse().map(size => {
    const own = stride
    stride *= size
    return own
  })
  return { dtype, map: { shape, strides: strides.reverse(), offset: 0, guard: null }, values }
}
