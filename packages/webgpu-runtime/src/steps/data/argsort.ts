import { type DType, isFloat } from '@surprisal/tensor/backend'
import { castExpression, loadElement } from '../../wgsl/elements.ts'
import type { GroupKernel } from '../../wgsl/group-kernel.ts'
import { moduleOf } from '../../wgsl/module.ts'
import { Params } from '../../wgsl/params.ts'
import { Binder } from '../binder.ts'
import { type LoweredStep, nothing } from '../lowered-step.ts'
import { Walk } from '../walk.ts'
import { type Lines, linesOf } from './lines.ts'
import type { Operand } from './operand.ts'

/** Elements that a workgroup sorts in its memory, at least and at most; pairs of at most so many take 8 KiB. */
const leastTile = 256
const mostTile = 1024
const mergeWorkgroup = 64
/** A key and a position. */
const pairBytes = 8

/** What is sorted, and the numbers of its buffers. */
export interface Sort {
  readonly x: Operand
  readonly dim: number
  readonly descending: boolean
  /** Buffer of x, and of the order: dense int32 of x's shape. */
  readonly from: number
  readonly to: number
  /** The first of two numbers that stand for no buffer. */
  readonly free: number
}

/**
 * The stable order of the elements along a dim: blocks by a bitonic network (Batcher, 1968) on pairs of key and
 * position, of which no two are equal; sorted runs are merged by counting, for each element, those of the other run in front of it.
 */
export function lowerSort(sort: Sort): LoweredStep {
  const { x, dim, to, free } = sort
  const lines = linesOf(x, dim)
  const { count, length } = lines
  if (count * length === 0) return nothing
  const run = Math.min(mostTile, 2 ** Math.ceil(Math.log2(length)))
  if (run >= length) return { ...nothing, kernels: [blocks(sort, lines, run, false)] }
  const kernels = [blocks({ ...sort, to: free }, lines, run, true)]
  let [source, target] = [free, free + 1]
  for (let width = run; width < length; width *= 2) {
    const isLast = 2 * width >= length
    kernels.push(merge(lines, width, source, isLast ? to : target, isLast))
    ;[source, target] = [target, source]
  }
  const bytes = pairBytes * count * length
  const workspaces = [free, free + 1].slice(0, kernels.length > 2 ? 2 : 1).map(buffer => ({ buffer, bytes }))
  return { ...nothing, kernels, workspaces }
}

/** The expression of an unsigned key that orders as the elements do: both zeros equal, every NaN at the end. */
function keyText(dtype: DType, x: string): string {
  if (isFloat(dtype)) return `orderOfFloat(${loadElement(dtype, x, 'at')})`
  return `(bitcast<u32>(${castExpression(dtype, 'int32', loadElement(dtype, x, 'at'))}) ^ 0x80000000u)`
}

const before = `fn isBefore(a: vec2<u32>, b: vec2<u32>) -> bool { return a.x < b.x || (a.x == b.x && a.y < b.y); }`

function blocks({ x, descending, from, to }: Sort, lines: Lines, run: number, pairs: boolean): GroupKernel {
  const params = new Params()
  const binder = new Binder()
  const tile = Math.max(leastTile, run)
  const workgroup = Math.min(256, tile / 2)
  const perLine = Math.ceil(lines.length / run)
  const segments = lines.count * perLine
  const names = { x: binder.read(from, 'x'), out: binder.write(to, 'out', pairs ? 'vec2<u32>' : 'u32') }
  const walk = new Walk(params, lines.across, [lines.from, lines.to])
  params.setUnits(segments)
  const [runText, perLineText, lengthText] = [run, perLine, lines.length].map(word => params.word(word))
  const [fromText, toText] = [lines.fromStride, lines.toStride].map(stride => params.word(stride >>> 0))
  const key = keyText(x.dtype, names.x)
  const place = [
    `let segment = group * ${params.word(tile / run)} + e / ${runText};`,
    `let line = segment / ${perLineText};`,
    `let position = segment % ${perLineText} * ${runText} + e % ${runText};`,
    `if (segment < p[0].x && position < ${lengthText}) {`,
    ...walk.coordinates('line'),
  ]
  const store = pairs
    ? `${names.out}[line * ${lengthText} + position] = items[e];`
    : `${names.out}[${walk.index(lines.to)} + position * ${toText}] = items[e].y;`
  const body = [
    `for (var e = l; e < ${tile}u; e += ${workgroup}u) {`,
    'var item = vec2<u32>(0xffffffffu);',
    ...place,
    `let at = ${walk.index(lines.from)} + position * ${fromText};`,
    `item = vec2<u32>(${descending ? '~' : ''}${key}, position);`,
    '}',
    'items[e] = item;',
    '}',
    'workgroupBarrier();',
    `for (var k = 2u; k <= ${runText}; k <<= 1u) {`,
    'for (var j = k >> 1u; j > 0u; j >>= 1u) {',
    `for (var t = l; t < ${tile / 2}u; t += ${workgroup}u) {`,
    'let i = 2u * t - (t & (j - 1u));',
    `let ascends = (i & (${runText} - 1u) & k) == 0u;`,
    'let a = items[i];',
    'let b = items[i + j];',
    'if (isBefore(b, a) == ascends) { items[i] = b; items[i + j] = a; }',
    '}',
    'workgroupBarrier();',
    '} }',
    `for (var e = l; e < ${tile}u; e += ${workgroup}u) {`,
    ...place,
    store,
    '} }',
  ]
  const declarations = `var<workgroup> items: array<vec2<u32>, ${tile}>;\n${before}`
  return {
    wgsl: moduleOf(binder, params, workgroup, body, declarations),
    bindings: binder.kinds,
    storage: binder.storage,
    params: params.block(),
    slots: params.slots,
    workgroup,
    groups: Math.ceil((segments * run) / tile),
  }
}

/** Merges neighbouring runs of `width` pairs; the last merge gives the order. */
function merge(lines: Lines, width: number, from: number, to: number, isLast: boolean): GroupKernel {
  const params = new Params()
  const binder = new Binder()
  const pairs = binder.read(from, 'pairs', 'vec2<u32>')
  const out = binder.write(to, 'out', isLast ? 'u32' : 'vec2<u32>')
  const walk = new Walk(params, lines.across, [lines.to])
  const units = lines.count * lines.length
  params.setUnits(units)
  const [lengthText, widthText] = [lines.length, width].map(word => params.word(word))
  const body = [
    `let i = group * ${mergeWorkgroup}u + l;`,
    'if (i >= p[0].x) { return; }',
    `let line = i / ${lengthText};`,
    `let position = i % ${lengthText};`,
    `let first = line * ${lengthText};`,
    `let start = position / (2u * ${widthText}) * (2u * ${widthText});`,
    `let middle = min(start + ${widthText}, ${lengthText});`,
    `let end = min(middle + ${widthText}, ${lengthText});`,
    'let isLeft = position < middle;',
    'var low = select(start, middle, isLeft);',
    'let begin = low;',
    'var high = select(middle, end, isLeft);',
    `let own = ${pairs}[i];`,
    'while (low < high) {',
    'let half = (low + high) / 2u;',
    `if (isBefore(${pairs}[first + half], own)) { low = half + 1u; } else { high = half; }`,
    '}',
    'let place = low - begin + position - select(middle - start, 0u, isLeft);',
    ...(isLast
      ? [
          ...walk.coordinates('line'),
          `${out}[${walk.index(lines.to)} + place * ${params.word(lines.toStride)}] = own.y;`,
        ]
      : [`${out}[first + place] = own;`]),
  ]
  return {
    wgsl: moduleOf(binder, params, mergeWorkgroup, body, before),
    bindings: binder.kinds,
    storage: binder.storage,
    params: params.block(),
    slots: params.slots,
    workgroup: mergeWorkgroup,
    groups: Math.ceil(units / mergeWorkgroup),
  }
}
