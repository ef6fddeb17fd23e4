import {
  type Dim,
  type DType,
  type GroupedAccess,
  joinAccess,
  type ProductStep,
  positions,
  type Read,
} from '@surprisal/tensor/backend'

/** A read of a step, with the dtype of what it reads. */
export interface ContractRead {
  readonly dtype: DType
  readonly map: Read['map']
  readonly groups?: Read['groups']
}

/** What `contract` multiplies, and what follows on it. */
export interface ContractStep {
  readonly reads: readonly ContractRead[]
  readonly dtype: DType
  readonly shape: readonly number[]
  /** Elements of each buffer of the step. */
  readonly sizes: readonly number[]
  readonly epilogue: ProductStep | null
}

/** An operand of a product. */
export interface ProductOperand {
  readonly dtype: DType
  readonly access: GroupedAccess
  readonly buffer: number
}

/** A product of matrices: `[batch, rows, depth] x [batch, depth, columns]`. */
export interface Product {
  readonly batch: number
  readonly rows: number
  readonly columns: number
  readonly depth: number
  readonly dtype: DType
  readonly a: ProductOperand
  readonly b: ProductOperand
}

const dimsOf = ({ map }: ContractRead, from: number, count: number): Dim[] =>
  map.shape.slice(from, from + count).map((size, i) => ({ size, stride: map.strides[from + i] }))

/** How an operand of shape [batch, second, third] is reached; `lineIsSecond` for the left one. */
function accessOf(read: ContractRead, lineIsSecond: boolean): GroupedAccess {
  const [batches, seconds, thirds] = read.groups ?? [1, 1, 1]
  const second = dimsOf(read, batches, seconds)
  const third = dimsOf(read, batches + seconds, thirds)
  return joinAccess({
    offset: read.map.offset,
    batch: dimsOf(read, 0, batches),
    line: lineIsSecond ? second : third,
    depth: lineIsSecond ? third : second,
  })
}

/** The product of a step whose first operand is its buffer number `first`. */
export function productOf({ reads: [left, right], dtype, shape }: ContractStep, first: number): Product {
  const a = { dtype: left.dtype, access: accessOf(left, true), buffer: first }
  const b = { dtype: right.dtype, access: accessOf(right, false), buffer: first + 1 }
  const [batch, rows, columns] = shape
  return { batch, rows, columns, depth: positions(a.access.depth), dtype, a, b }
}
