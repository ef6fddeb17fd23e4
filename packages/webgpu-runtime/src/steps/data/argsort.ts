import { type DType, isFloat } from '@surprisal/tensor/backend'
import { castExpression, loadElement } from '../../wgsl/elements.ts'
import type { GroupKernel } from '../../wgsl/group-kernel.ts'
import { Params } from '../../wgsl/params.ts'
import { Binder } from '../binder.ts'
import { kernelOf } from '../kernel-of.ts'
import { type LoweredStep, nothing } from '../lowered-step.ts'
import { Walk } from '../walk.ts'
import { type Lines, linesOf } from './lines.ts'
import type { Operand } from './operand.ts'

/** Up to this length a line is sorted by counting alone; longer ones by counting within runs, which are merged. */
const longestAlone = 128
const firstRun = 64
const workgroup = 64
/** A key and a position. */
const pairBytes = 8

/** What is sorted, and the numbers of its buffers. */
export interface Sort {
  readonly x: Operand
  readonly dim: number
  readonly descending: boolean
  /** How many places of the order, from its beginning. */
  readonly places: number
  /** Buffer of x, and of the order: dense int32. */
  readonly from: number
  readonly to: number
  /** The first of two numbers that stand for no buffer. */
  readonly free: number
}

/**
 * The stable order of the elements along a dim. The place of each is counted: how many of a run stand in front of it, and
 * then, as sorted runs are merged in pairs, how many of the other run, by bisection. Each merge is a kernel; none needs
 * workgroup memory. No two pairs of key and position are equal, so that the order is the only one.
 */
export function lowerSort(sort: Sort): LoweredStep {
  const { x, dim, places, to, free } = sort
  const lines = linesOf(x, dim, places)
  const { count, length } = lines
  if (count * places === 0) return nothing
  if (length <= longestAlone) return { ...nothing, kernels: [sortRuns(sort, lines, length, false)] }
  const kernels = [sortRuns({ ...sort, to: free }, lines, firstRun, true)]
  let [source, target] = [free, free + 1]
  for (let width = firstRun; width < length; width *= 2) {
    const isLast = 2 * width >= length
    kernels.push(merge(lines, width, places, source, isLast ? to : target, isLast))
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

/** Sorts runs by counting: into pairs, or where a line is one run into the order. */
function sortRuns({ x, descending, places, from, to }: Sort, lines: Lines, run: number, pairs: boolean): GroupKernel {
  const params = new Params()
  const binder = new Binder()
  const names = { x: binder.read(from, 'x'), out: binder.write(to, 'out', pairs ? 'vec2<u32>' : 'u32') }
  const walk = new Walk(params, lines.across, [lines.from, lines.to])
  const units = lines.count * lines.length
  params.setUnits(units)
  const [runText, lengthText] = [run, lines.length].map(word => params.word(word))
  const [fromText, toText] = [lines.fromStride, lines.toStride].map(stride => params.word(stride >>> 0))
  const body = [
    `let i = group * ${workgroup}u + l;`,
    'if (i >= p[0].x) { return; }',
    `let line = i / ${lengthText};`,
    `let position = i % ${lengthText};`,
    ...walk.coordinates('line'),
    `let lineAt = ${walk.index(lines.from)};`,
    `let own = keyAt(lineAt + position * ${fromText});`,
    `let start = position / ${runText} * ${runText};`,
    'var place = start;',
    `for (var other = start; other < min(start + ${runText}, ${lengthText}); other++) {`,
    `let key = keyAt(lineAt + other * ${fromText});`,
    'place += select(0u, 1u, key < own || (key == own && other < position));',
    '}',
    pairs
      ? `${names.out}[line * ${lengthText} + place] = vec2<u32>(own, position);`
      : `if (place < ${params.word(places)}) { ${names.out}[${walk.index(lines.to)} + place * ${toText}] = position; }`,
  ]
  const sign = descending ? '~' : ''
  const declarations = `fn keyAt(at: u32) -> u32 { return ${sign}${keyText(x.dtype, names.x)}; }`
  return kernelOf({ params, binder, workgroup, groups: Math.ceil(units / workgroup), lines: body, declarations })
}

const before = 'fn isBefore(a: vec2<u32>, b: vec2<u32>) -> bool { return a.x < b.x || (a.x == b.x && a.y < b.y); }'

/** Merges neighbouring runs of `width` pairs; the last merge gives the order. */
function merge(lines: Lines, width: number, places: number, from: number, to: number, isLast: boolean): GroupKernel {
  const params = new Params()
  const binder = new Binder()
  const pairs = binder.read(from, 'pairs', 'vec2<u32>')
  const out = binder.write(to, 'out', isLast ? 'u32' : 'vec2<u32>')
  const walk = new Walk(params, lines.across, [lines.to])
  const units = lines.count * lines.length
  params.setUnits(units)
  const [lengthText, widthText] = [lines.length, width].map(word => params.word(word))
  const body = [
    `let i = group * ${workgroup}u + l;`,
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
          `if (place < ${params.word(places)}) { ${out}[${walk.index(lines.to)} + place * ${params.word(lines.toStride)}] = own.y; }`,
        ]
      : [`${out}[first + place] = own;`]),
  ]
  return kernelOf({
    params,
    binder,
    workgroup,
    groups: Math.ceil(units / workgroup),
    lines: body,
    declarations: before,
  })
}
