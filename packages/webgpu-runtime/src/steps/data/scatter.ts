import { type Access, contiguousStrides, type ReduceName, sizeOf } from '@surprisal/tensor/backend'
import { accumulatorFor } from '../../wgsl/accumulator.ts'
import { castExpression, loadElement } from '../../wgsl/elements.ts'
import { Params } from '../../wgsl/params.ts'
import { Binder } from '../binder.ts'
import { elementKernel } from '../element-kernel.ts'
import { type LoweredStep, nothing } from '../lowered-step.ts'
import { Walk } from '../walk.ts'
import { lowerSort } from './argsort.ts'
import type { Operand } from './operand.ts'

/** What is scattered: buffers base, index, source, result. */
export interface Scatter {
  readonly f: 'set' | 'add' | 'mul' | 'max' | 'min'
  readonly base: Operand
  readonly index: Operand
  readonly source: Operand
  readonly shape: readonly number[]
  readonly dim: number
}

/** From so many indices on, each place finds its own by bisection in their order, not by looking at all. */
const fewest = 64

const reductions: Readonly<Record<Exclude<Scatter['f'], 'set'>, ReduceName>> = {
  add: 'sum',
  mul: 'prod',
  max: 'max',
  min: 'min',
}

/** Elements of the source where the index says along a dim. */
export function lowerScatter({ index, ...scatter }: Scatter): LoweredStep {
  return lowerPlaces(scatter, index, scatter.dim, index.map.shape)
}

/** Whole slices of the source where a vector of indices says along a dim. */
export function lowerPut({ index, ...put }: Scatter): LoweredStep {
  return lowerPlaces(put, index, 0, put.source.map.shape)
}

/**
 * Every place of the result collects what is meant for it, in row-major order of the index, so that each run gives
 * the same.
 * @param along the dim of the index along which its numbers address the result's `dim`
 * @param extent sizes up to which places can be addressed, but for `dim`
 */
function lowerPlaces(
  scatter: Omit<Scatter, 'index'>,
  index: Operand,
  along: number,
  extent: readonly number[],
): LoweredStep {
  const { f, base, source, shape, dim } = scatter
  const size = sizeOf(shape)
  if (size === 0) return nothing
  const isVector = index.map.shape.length !== shape.length || along !== dim || shape.length === 1
  const length = index.map.shape[along]
  const bySort = length > fewest
  const order = 4
  const across = (strides: readonly number[]): number[] => strides.map((s, d) => (d === dim ? 0 : s))

  const params = new Params()
  const binder = new Binder()
  const names = {
    base: binder.read(0, 'base'),
    index: binder.read(1, 'index'),
    source: binder.read(2, 'source'),
    out: binder.write(3, 'out'),
  }
  if (bySort) binder.read(order, 'order')
  const dense = contiguousStrides(index.map.shape)
  const ways = {
    base: { strides: base.map.strides, offset: base.map.offset },
    index: { strides: isVector ? shape.map(() => 0) : across(index.map.strides), offset: index.map.offset },
    source: { strides: across(source.map.strides), offset: source.map.offset },
    order: { strides: isVector ? shape.map(() => 0) : across(dense), offset: 0 },
  } satisfies Record<string, Access>
  const cut = shape.flatMap((full, d) => (d !== dim && extent[d] < full ? [d] : []))
  const walk = new Walk(params, shape, Object.values(ways), [dim, ...cut])
  const inside = cut.map(d => `${walk.coordinate(d)} < ${params.word(extent[d])}`)
  const to = f === 'set' ? null : accumulatorFor(reductions[f], source.dtype, 'a')
  const strideOf = (stride: number): string => params.word(stride >>> 0)
  const lengthText = params.word(length)

  const find = `let n = indexAt + j * ${strideOf(index.map.strides[along])}; let place = ${castExpression(index.dtype, 'int32', loadElement(index.dtype, names.index, 'n'))};`
  const ordered = `let j = order[orderAt + m * ${strideOf(dense[along])}];`
  const take = [
    `let now = sourceAt + j * ${strideOf(source.map.strides[dim])};`,
    `let x = ${loadElement(source.dtype, names.source, 'now')};`,
    ...(to ? to.take('x') : ['taken = x;']),
    't += 1u;',
  ]
  const collect = bySort
    ? [
        'var low = 0u;',
        `var high = ${lengthText};`,
        'while (low < high) {',
        'let m = (low + high) / 2u;',
        ordered,
        find,
        'if (place < goal) { low = m + 1u; } else { high = m; }',
        '}',
        `for (var m = low; m < ${lengthText}; m++) {`,
        ordered,
        find,
        'if (place != goal) { break; }',
        ...take,
        '}',
      ]
    : [`for (var j = 0u; j < ${lengthText}; j++) {`, find, 'if (place == goal) {', ...take, '} }']
  const body = [
    ...walk.coordinates('i'),
    `let goal = i32(${walk.coordinate(dim)});`,
    `let baseAt = ${walk.index(ways.base)};`,
    `let indexAt = ${walk.index(ways.index)};`,
    `let sourceAt = ${walk.index(ways.source)};`,
    ...(bySort ? [`let orderAt = ${walk.index(ways.order)};`] : []),
    `let kept = ${loadElement(base.dtype, names.base, 'baseAt')};`,
    'var t = 0u;',
    ...(to ? to.declare : ['var taken = kept;']),
    `if (${inside.length > 0 ? inside.join(' && ') : 'true'}) {`,
    ...collect,
    '}',
    ...(to ? [...to.finish, ...to.merge(['kept']), `let value = ${to.result};`] : ['let value = taken;']),
  ]
  const kernel = elementKernel({ params, binder, out: names.out, dtype: base.dtype, size, body })
  if (!bySort) return { ...nothing, kernels: [kernel] }
  const sorted = lowerSort({
    x: index,
    dim: along,
    descending: false,
    places: index.map.shape[along],
    from: 1,
    to: order,
    free: order + 1,
  })
  const workspace = { buffer: order, bytes: 4 * sizeOf(index.map.shape) }
  return { ...nothing, kernels: [...sorted.kernels, kernel], workspaces: [workspace, ...sorted.workspaces] }
}
