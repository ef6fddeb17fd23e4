import type { AffineMap } from '../graph/affine.ts'
import { contract } from '../reference/contract.ts'
import type { KernelFunction, KernelOperand } from '../reference/kernel-function.ts'
import { type GemmVariant, loadGemm } from './gemm.ts'
import { multiplyBlocked, reserveWorkspace } from './multiply.ts'
import { type MatrixView, outerProduct, type ProductSizes, vectorTimesMatrix } from './vector.ts'

/** A `[B, rows, columns]` operand; `map` reads the elements of `data` by strides and has no guard. */
export interface ContractOperand {
  readonly data: Float32Array
  readonly map: AffineMap
}

export interface ContractOptions {
  /** Which micro-kernel to use; default: the fastest that the runtime has. */
  readonly variant?: GemmVariant
}

/** A stack of matrices with one distance between them. */
interface MatrixStack extends MatrixView {
  readonly batchStride: number
}

/** Up to this many multiplications a product is done before the panels would be packed. */
const tiny = 1024

/**
 * `[B, M, K] x [B, K, N]` into the dense `out`, with sums in float32 or better. K = 0 gives zeros; NaN and
 * infinities spread as in a plain sum of products. Equal operands and maps give equal bits.
 * @throws {SurprisalError} `device` where the sizes call for packing and the runtime has no WebAssembly SIMD
 */
export function contractFloat32(
  a: ContractOperand,
  b: ContractOperand,
  out: Float32Array,
  options: ContractOptions = {},
): void {
  const [batch, m, k] = a.map.shape
  const n = b.map.shape[2]
  if (batch * m * n === 0) return
  if (k === 0) out.fill(0)
  else contractStacks(stack(a), stack(b), batch, { m, k, n }, out, options)
}

/** The kernel of `contract`: float32 by {@link contractFloat32}, integers and float64 by plain loops. */
export const contractKernel: KernelFunction = (kernel, operands, out) => {
  const [a, b] = operands
  if (out instanceof Float32Array && isFloat32(a) && isFloat32(b)) contractFloat32(a, b, out)
  else contract(kernel, operands, out)
}

/** True for float16 as well, which is held in the same arrays. */
const isFloat32 = (operand: KernelOperand): operand is KernelOperand & ContractOperand =>
  operand.data instanceof Float32Array

function contractStacks(
  a: MatrixStack,
  b: MatrixStack,
  batch: number,
  sizes: ProductSizes,
  out: Float32Array,
  options: ContractOptions,
): void {
  const { m, k, n } = sizes
  // One b for all: the rows of every a make one tall matrix.
  if (batch > 1 && b.batchStride === 0 && (m === 1 || a.batchStride === m * a.rowStride)) {
    const tall = { ...a, rowStride: m === 1 ? a.batchStride : a.rowStride }
    contractStacks(tall, b, 1, { m: batch * m, k, n }, out, options)
    return
  }
  // A column of results lies in memory like a row, so a single row is the only thin shape to look at below.
  if (n === 1 && m > 1) {
    contractStacks(transposed(b), transposed(a), batch, { m: n, k, n: m }, out, options)
    return
  }
  const packs = k > 1 && m > 1 && m * n * k > tiny
  const space = packs ? reserveWorkspace(loadGemm(options.variant), sizes) : null
  for (let i = 0; i < batch; i++) {
    const left = { ...a, offset: a.offset + i * a.batchStride }
    const right = { ...b, offset: b.offset + i * b.batchStride }
    if (space) multiplyBlocked(space, left, right, sizes, out, i * m * n)
    else multiplyInPlace(left, right, sizes, out, i * m * n)
  }
}

/** Reads the operands where they are. */
function multiplyInPlace(a: MatrixView, b: MatrixView, sizes: ProductSizes, out: Float32Array, at: number): void {
  if (sizes.k === 1) {
    outerProduct(a, b, sizes, out, at)
    return
  }
  for (let row = 0; row < sizes.m; row++) {
    const offset = a.offset + row * a.rowStride
    vectorTimesMatrix({ ...a, offset }, b, sizes, out, at + row * sizes.n)
  }
}

const stack = ({ data, map }: ContractOperand): MatrixStack => ({
  data,
  offset: map.offset,
  batchStride: map.strides[0],
  rowStride: map.strides[1],
  columnStride: map.strides[2],
})

const transposed = (a: MatrixStack): MatrixStack => ({ ...a, rowStride: a.columnStride, columnStride: a.rowStride })
