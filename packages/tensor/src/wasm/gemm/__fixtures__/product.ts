import { type DType, hostArray } from '../../../dtype.ts'
import { type Dim, type GroupedAccess, positions } from '../access.ts'
import { type ContractSpec, lowerContract } from '../contract.ts'
import { type Cut, reserve } from './run.ts'

/** Offsets of all positions of a group, in order. */
export function offsetsOf(dims: readonly Dim[]): number[] {
  return dims.reduce<number[]>(
    (outer, { size, stride }) => outer.flatMap(at => Array.from({ length: size }, (_, i) => at + i * stride)),
    [0],
  )
}

/** Moves an access so that its lowest element stands at `lowest`; gives the elements that a buffer needs. */
export function place(access: Omit<GroupedAccess, 'offset'>, lowest = 0): { access: GroupedAccess; elements: number } {
  const dims = [...access.batch, ...access.line, ...access.depth].filter(dim => dim.size > 0)
  const reach = (sign: number) => dims.reduce((sum, d) => sum + Math.max(0, sign * d.stride * (d.size - 1)), 0)
  const offset = lowest + reach(-1)
  return { access: { ...access, offset }, elements: offset + reach(1) + 1 }
}

export interface Product {
  readonly spec: ContractSpec
  readonly a: ArrayLike<number>
  readonly b: ArrayLike<number>
}

const fills: Record<DType, (i: number) => number> = {
  float32: i => Math.fround(Math.sin(i * 12.9898) * 2),
  float16: i => i % 7,
  int32: i => Math.imul(i + 1, 0x9e3779b1),
  uint8: i => (i * 97 + 255) % 256,
  int8: i => ((i * 89) % 256) - 128,
  bool: i => ((i * 5) % 3) & 1,
}

/** Deterministic elements of a dtype. */
const elementsOf = (dtype: DType, count: number, seed = 0): number[] =>
  Array.from({ length: count }, (_, i) => fills[dtype](i + seed * 1013))

/** A product over deterministic elements, where the accesses say how large the buffers are. */
export function productOf(
  a: Omit<GroupedAccess, 'offset'>,
  b: Omit<GroupedAccess, 'offset'>,
  dtype: ContractSpec['dtype'] = 'float32',
  operands: ContractSpec['operands'] = ['float32', 'float32'],
): Product {
  const [left, right] = [place(a, 3), place(b, 1)]
  return {
    spec: { a: left.access, b: right.access, dtype, operands },
    a: elementsOf(operands[0], left.elements),
    b: elementsOf(operands[1], right.elements, 1),
  }
}

export interface RunOptions {
  readonly relaxed?: boolean
  readonly threads?: number
  readonly cut?: Cut
  /** What the result's memory holds; the product is added to it. */
  readonly addTo?: ArrayLike<number>
}

/** Runs the kernels; the padding of all buffers holds NaN, and a write outside of the result throws. */
export function run({ spec, a, b }: Product, options: RunOptions = {}): Float32Array | Int32Array {
  const { relaxed = true, threads = 1, cut, addTo } = options
  const outs = positions(spec.a.batch) * positions(spec.a.line) * positions(spec.b.line)
  const arrays = [hostArray(spec.operands[0], a.length), hostArray(spec.operands[1], b.length)]
  arrays[0].set(a)
  arrays[1].set(b)
  const lowered = lowerContract(spec, { relaxed, threads, accumulate: addTo !== undefined })
  const spare = lowered.workspaceBytes + Math.max(0, ...lowered.phases.map(p => p.scratchBytes)) + 65536
  const arena = reserve([...arrays.map(array => array.byteLength), outs * 4], spare)
  const [pointerA, pointerB, pointerOut] = arena.pointers
  const poison = new Uint8Array(arena.memory.buffer)
  poison.fill(0xff, pointerA, pointerOut + outs * 4 + 64)
  arrays.forEach((array, i) => {
    poison.set(new Uint8Array(array.buffer), i === 0 ? pointerA : pointerB)
  })
  if (addTo) poison.set(new Uint8Array(ofDtype(spec.dtype, addTo).buffer), pointerOut)
  arena.run(lowered, relaxed, cut)
  const end = pointerOut + outs * 4
  const bytes = new Uint8Array(arena.memory.buffer)
  const outside = [bytes.subarray(pointerOut - 64, pointerOut), bytes.subarray(end, end + 64)]
  if (outside.some(part => part.slice(part === outside[0] ? 32 : 0).some(byte => byte !== 0xff)))
    throw new Error('wrote outside of the result')
  const result = bytes.slice(pointerOut, end).buffer
  return spec.dtype === 'float32' ? new Float32Array(result) : new Int32Array(result)
}

const ofDtype = (dtype: ContractSpec['dtype'], numbers: ArrayLike<number>): Float32Array | Int32Array =>
  dtype === 'float32' ? Float32Array.from(numbers) : Int32Array.from(numbers)

/** Elements of the product by plain loops, each with the sum of its terms' magnitudes; every `step`-th of them. */
function naive({ spec, a, b }: Product, step = 1): { index: number; value: number; magnitude: number }[] {
  const groups = (access: GroupedAccess) => [access.batch, access.line, access.depth].map(offsetsOf)
  const [batchA, linesA, depthA] = groups(spec.a)
  const [batchB, linesB, depthB] = groups(spec.b)
  const [rows, columns] = [linesA.length, linesB.length]
  const elements: { index: number; value: number; magnitude: number }[] = []
  for (let index = 0; index < batchA.length * rows * columns; index += step) {
    const entry = Math.floor(index / (rows * columns))
    const x0 = spec.a.offset + batchA[entry] + linesA[Math.floor(index / columns) % rows]
    const y0 = spec.b.offset + batchB[entry] + linesB[index % columns]
    let [value, magnitude] = [0, 0]
    for (let k = 0; k < depthA.length; k++) {
      const [x, y] = [a[x0 + depthA[k]], b[y0 + depthB[k]]]
      if (spec.dtype === 'int32') value = (value + Math.imul(x, y)) | 0
      else value += x * y
      magnitude += Math.abs(x * y)
    }
    elements.push({ index, value, magnitude })
  }
  return elements
}

export interface CheckOptions extends RunOptions {
  /** Compares every so many elements. Default: 1 */
  readonly step?: number
}

/** Throws where the kernels' result differs from the plain loops by more than rounding. */
export function check(product: Product, options: CheckOptions = {}): Float32Array | Int32Array {
  const result = run(product, options)
  const depth = positions(product.spec.a.depth)
  for (const { index, value, magnitude } of naive(product, options.step)) {
    const allowed = product.spec.dtype === 'int32' ? 0 : (depth + 1) * 6e-8 * magnitude
    if (!(Math.abs(result[index] - value) <= allowed))
      throw new Error(`element ${index} is ${result[index]}, not ${value}`)
  }
  return result
}

/** A dense stack of products. */
export const stackOf = (batch: number, rows: number, columns: number, depth: number): Product =>
  productOf(
    { batch: dims([batch], [rows * depth]), line: dims([rows], [depth]), depth: dims([depth], [1]) },
    { batch: dims([batch], [columns * depth]), line: dims([columns], [1]), depth: dims([depth], [columns]) },
  )

export const dims = (sizes: readonly number[], strides: readonly number[]): Dim[] =>
  sizes.map((size, i) => ({ size, stride: strides[i] }))

/** Dense `[rows, depth]` and `[depth, columns]`, each perhaps stored the other way round. */
export function matrices(
  rows: number,
  columns: number,
  depth: number,
  options: { transposeA?: boolean; transposeB?: boolean } = {},
): [Omit<GroupedAccess, 'offset'>, Omit<GroupedAccess, 'offset'>] {
  const { transposeA = false, transposeB = false } = options
  const group = (size: number, stride: number): Dim[] => [{ size, stride }]
  return [
    { batch: [], line: group(rows, transposeA ? 1 : depth), depth: group(depth, transposeA ? rows : 1) },
    { batch: [], line: group(columns, transposeB ? depth : 1), depth: group(depth, transposeB ? 1 : columns) },
  ]
}
