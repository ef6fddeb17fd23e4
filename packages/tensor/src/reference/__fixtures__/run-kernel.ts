import * as fc from 'fast-check'
import { type DType, hostArray } from '../../dtype.ts'
import { type AffineMap, identityMap } from '../../graph/affine.ts'
import type { Primitive } from '../../graph/node.ts'
import type { Plan } from '../../plan.ts'
import type { Shape } from '../../shape.ts'
import { createReferenceExecutor } from '../executor.ts'
import type { ElementArray, KernelOperand } from '../kernel-function.ts'

const executor = createReferenceExecutor()

/** An operand over `values`; the map is dense unless parts of it are given. */
export function operand(
  values: ElementArray | readonly number[],
  dtype: DType,
  shape: Shape,
  map: Partial<AffineMap> = {},
): KernelOperand {
  const data = Array.isArray(values) ? hostArray(dtype, values.length) : (values as ElementArray)
  if (Array.isArray(values)) data.set(values)
  return { data, dtype, map: { ...identityMap(shape), ...map } }
}

function planOf(primitive: Primitive, dtype: DType, shape: Shape, operands: readonly KernelOperand[]): Plan {
  const output = operands.length
  return {
    slots: output + 1,
    inputs: operands.map(({ data }, slot) => ({ slot, data: data as Float32Array })),
    kernels: [
      {
        primitive,
        op: primitive.kind,
        dtype,
        shape,
        operands: operands.map(({ map, dtype: type }, slot) => ({ slot, dtype: type, map })),
        output,
      },
    ],
    dying: [[]],
    outputs: [output],
  }
}

/** The elements that one kernel computes. */
export function runKernel(
  primitive: Primitive,
  dtype: DType,
  shape: Shape,
  operands: readonly KernelOperand[],
): number[] {
  return Array.from(executor.run(planOf(primitive, dtype, shape, operands))[0])
}

/** The same without rounding. */
export function runKernelExactly(
  primitive: Primitive,
  dtype: DType,
  shape: Shape,
  operands: readonly KernelOperand[],
): number[] {
  return Array.from(executor.runExact(planOf(primitive, dtype, shape, operands))[0])
}

/** Every multi-index of a shape, in row-major order. */
export function indices(shape: Shape): number[][] {
  let all: number[][] = [[]]
  for (const dim of shape) all = all.flatMap(index => Array.from({ length: dim }, (_, i) => [...index, i]))
  return all
}

const dot = (index: readonly number[], strides: readonly number[]): number =>
  index.reduce((sum, i, d) => sum + i * strides[d], 0)

/** The elements that an operand reads, one index after the other. */
export function elementsOf({ data, map }: KernelOperand): number[] {
  return indices(map.shape).map(index => {
    const { guard } = map
    if (guard && index.some((i, d) => i < guard.low[d] || i >= guard.high[d])) return guard.fill
    return data[map.offset + dot(index, map.strides)]
  })
}

/** A shape of up to `rank` dims of up to `largest`; small sizes, 0 and 1 included, are as likely as any. */
export const shapes = (rank: number, largest = 5): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 0, max: largest }), { maxLength: rank })

/** A map of `shape` whose dims are permuted, repeated, skipped over and walked backwards, and the size it needs. */
export function mapsOf(shape: Shape): fc.Arbitrary<{ map: AffineMap; size: number }> {
  const kinds = fc.array(fc.constantFrom('forward', 'backward', 'repeated', 'sparse'), {
    minLength: shape.length,
    maxLength: shape.length,
  })
  const order = fc.shuffledSubarray(
    shape.map((_, d) => d),
    { minLength: shape.length },
  )
  return fc.tuple(kinds, order, fc.integer({ min: 0, max: 3 })).map(([kind, dims, shift]) => {
    const strides = new Array<number>(shape.length).fill(0)
    let offset = shift
    let stride = 1
    for (const d of dims) {
      if (kind[d] === 'repeated') continue
      if (kind[d] === 'sparse') stride *= 2
      strides[d] = kind[d] === 'backward' ? -stride : stride
      if (kind[d] === 'backward') offset += stride * Math.max(0, shape[d] - 1)
      stride *= Math.max(1, shape[d])
    }
    return { map: { shape, strides, offset, guard: null }, size: stride + shift + 1 }
  })
}

const specials = [0, -0, 1, -1, 0.5, -2.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

/** A float32 number, often one at which functions have corners. */
export const floats: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(...specials),
  fc.float({ min: -100, max: 100, noNaN: true }),
)

/** An operand of `shape` of float32 numbers behind a strided map. */
export const floatOperands = (shape: Shape, values: fc.Arbitrary<number> = floats): fc.Arbitrary<KernelOperand> =>
  mapsOf(shape).chain(({ map, size }) =>
    fc
      .array(values, { minLength: size, maxLength: size })
      .map(list => operand(Float32Array.from(list), 'float32', shape, map)),
  )

/** `length` numbers from `low` to `high`, the same in every run. */
export function numbers(length: number, low = -2, high = 2): number[] {
  let state = 12345
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.fround(low + ((high - low) * state) / 2 ** 32)
  })
}
