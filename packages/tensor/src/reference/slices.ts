import { contiguousStrides } from '../shape.ts'
import { copyRun } from './copy.ts'
import { outOfRange } from './indexing.ts'
import type { ElementArray, KernelFunction, KernelOperand, PrimitiveOf } from './kernel-function.ts'
import { forEachRun, loopNest } from './nest.ts'

/** A 1-D index, checked against the size of the dim it addresses. */
function checkedIndex(op: string, { data, map }: KernelOperand, dim: number, size: number): Int32Array {
  const list = new Int32Array(map.shape[0])
  for (let k = 0; k < list.length; k++) {
    const at = data[map.offset + k * map.strides[0]]
    if (at < 0 || at >= size) throw outOfRange(op, at, dim, size)
    list[k] = at
  }
  return list
}

/** Copies whole slices along one dim. */
export const take: KernelFunction = (kernel, [x, index], out) => {
  const { dim, op } = kernel.primitive as PrimitiveOf<'take'>
  const list = checkedIndex(op, index, dim, x.map.shape[dim])
  const strides = contiguousStrides(kernel.shape)
  const slice = kernel.shape.map((size, d) => (d === dim ? 1 : size))
  const nest = loopNest(slice, [{ strides, offset: 0 }, x.map])
  const [so, si] = nest.inner
  const { data } = x
  forEachRun(nest, ([o, i]) => {
    for (let k = 0; k < list.length; k++)
      copyRun(out, o + k * strides[dim], so, data, i + list[k] * x.map.strides[dim], si, nest.count)
  })
}

/** Positions in `list` ordered by the slice they name: those of slice t stand in `order[first[t]] ... first[t + 1]`. */
function groupByTarget(list: Int32Array, size: number): { first: Int32Array; order: Int32Array } {
  const first = new Int32Array(size + 1)
  for (let k = 0; k < list.length; k++) first[list[k] + 1] += 1
  for (let t = 0; t < size; t++) first[t + 1] += first[t]
  const next = first.slice()
  const order = new Int32Array(list.length)
  for (let k = 0; k < list.length; k++) order[next[list[k]]++] = k
  return { first, order }
}

function addRun(sums: Float64Array, x: ElementArray, i: number, si: number): void {
  for (let k = 0; k < sums.length; k++, i += si) sums[k] += x[i]
}

function storeRun(out: ElementArray, o: number, so: number, sums: Float64Array): void {
  for (let k = 0; k < sums.length; k++, o += so) out[o] = sums[k]
}

function storeTruth(out: ElementArray, o: number, so: number, sums: Float64Array): void {
  for (let k = 0; k < sums.length; k++, o += so) out[o] = sums[k] !== 0 ? 1 : 0
}

/** The sum of two runs: rounding it once makes it what the sum in float64 would be. */
function addPair(
  out: Float32Array,
  o: number,
  so: number,
  a: Float32Array,
  i: number,
  si: number,
  b: Float32Array,
  j: number,
  sj: number,
  n: number,
): void {
  for (let k = 0; k < n; k++, o += so, i += si, j += sj) out[o] = a[i] + b[j]
}

/** All slices meant for one place are summed in float64, in the order of the index, and stored once. */
export const put: KernelFunction = (kernel, [base, index, source], out) => {
  const { f, dim, op } = kernel.primitive as PrimitiveOf<'put'>
  const size = kernel.shape[dim]
  const { first, order } = groupByTarget(checkedIndex(op, index, dim, size), size)
  const strides = contiguousStrides(kernel.shape)
  const slice = kernel.shape.map((length, d) => (d === dim ? 1 : length))
  const nest = loopNest(slice, [{ strides, offset: 0 }, base.map, source.map])
  const n = nest.count
  const [so, sb, ss] = nest.inner
  const along = source.map.strides[dim]
  const a = base.data
  const b = source.data
  const floats = out instanceof Float32Array && a instanceof Float32Array && b instanceof Float32Array
  const sums = new Float64Array(n)
  const store = kernel.dtype === 'bool' ? storeTruth : storeRun
  forEachRun(nest, ([outStart, baseStart, s]) => {
    for (let t = 0; t < size; t++) {
      const o = outStart + t * strides[dim]
      const i = baseStart + t * base.map.strides[dim]
      const count = first[t + 1] - first[t]
      const last = s + order[first[t + 1] - 1] * along
      if (count === 0) copyRun(out, o, so, a, i, sb, n)
      else if (f === 'set') copyRun(out, o, so, b, last, ss, n)
      else if (count === 1 && floats) addPair(out, o, so, a, i, sb, b, last, ss, n)
      else {
        copyRun(sums, 0, 1, a, i, sb, n)
        for (let k = first[t]; k < first[t + 1]; k++) addRun(sums, b, s + order[k] * along, ss)
        store(out, o, so, sums)
      }
    }
  })
}
