import type { GroupKernel } from '../../wgsl/group-kernel.ts'
import type { Params } from '../../wgsl/params.ts'
import { kernelOf } from '../kernel-of.ts'
import type { Block } from './block.ts'
import type { Finish } from './finish.ts'
import { type Fetch, fetchOf, operandText, sumType } from './operand.ts'
import { packedDepth, packedFetch, packedLinesText, packedText } from './packed.ts'
import type { Product, ProductOperand } from './product.ts'

/** Few, as it is workgroups that a processor spreads over its cores. */
const workgroup = 16

/** How many steps of depth stand in a vector. */
const fourSteps = 4

/**
 * Each invocation makes a block of the result from operands that it reads in place: without workgroup memory, at whose
 * barriers a processor that plays a GPU has to switch between invocations. Elements of part `n` are finished behind all
 * those of the parts before.
 * @param packed whether four steps of depth are taken at a time, as `isPacked` says; default false
 */
export function lowerDirect(
  product: Product,
  { down, across, parts }: Block,
  params: Params,
  finish: Finish,
  packed = false,
): GroupKernel {
  const { batch, rows, columns, dtype } = product
  const { binder } = finish
  const depth = packed ? packedDepth(product.depth) : product.depth
  const operand = (name: 'a' | 'b', count: number): OperandLoads => {
    const fetch = directFetch(product[name], count, packed)
    const text = packedTextOf(fetch, packed)
    const declarations = text
      ? text(params, binder, name, product[name], product.depth)
      : operandText(params, binder, name, product[name], fetch === 'lines' || fetch === 'depths')
    return { name, fetch, count, declarations, packed }
  }
  const [a, b] = [operand('a', down), operand('b', across)]
  const steps = a.fetch === 'depths' || b.fetch === 'depths' ? fourSteps : 1
  const blocks = [Math.ceil(rows / down), Math.ceil(columns / across)]
  const units = batch * parts * blocks[0] * blocks[1]
  params.setUnits(units)
  const [rowsText, columnsText, depthText] = [rows, columns, depth].map(size => params.word(size))
  const [downText, acrossText, batchText] = [...blocks, batch].map(size => params.word(size))
  const spanText = params.word(Math.ceil(depth / parts / fourSteps) * fourSteps)
  const type = sumType(dtype)
  const cells = range(down).flatMap(r => range(across).map(c => ({ r, c, name: `c${r}_${c}` })))
  const times = (x: string, y: string): string => (packed ? `dot4I8Packed(${x}, ${y})` : `${x} * ${y}`)
  const lines = [
    `let unit = group * ${workgroup}u + l;`,
    'if (unit >= p[0].x) { return; }',
    `let bFirst = unit % ${acrossText} * ${across}u;`,
    `let aFirst = unit / ${acrossText} % ${downText} * ${down}u;`,
    `let layer = unit / (${acrossText} * ${downText});`,
    `let batch = layer % ${batchText};`,
    `let start = layer / ${batchText} * ${spanText};`,
    `let end = min(${depthText}, start + ${spanText});`,
    ...basesOf(a, rowsText),
    ...basesOf(b, columnsText),
    ...cells.map(({ name }) => `var ${name} = ${type}(0);`),
    `for (var k = start; k < end; k += ${steps}u) {`,
    ...loadsOf(a, steps),
    ...loadsOf(b, steps),
    ...range(steps).flatMap(k =>
      cells.map(({ r, c, name }) => `${name} += ${times(elementOf(a, r, k), elementOf(b, c, k))};`),
    ),
    '}',
    // One place in the code that finishes, since what follows on a product may be long.
    `var sums = array<${type}, ${cells.length}>(${cells.map(({ name }) => name).join(', ')});`,
    `let height = min(${down}u, ${rowsText} - aFirst);`,
    `let width = min(${across}u, ${columnsText} - bFirst);`,
    'for (var i = 0u; i < height; i++) {',
    `let at = (layer * ${rowsText} + aFirst + i) * ${columnsText} + bFirst;`,
    `for (var j = 0u; j < width; j++) { finish(at + j, sums[i * ${across}u + j]); }`,
    '}',
  ]
  const declarations = [a.declarations, b.declarations, finish.text].join('\n')
  return kernelOf({ params, binder, workgroup, groups: Math.ceil(units / workgroup), lines, declarations })
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

/** How an operand of which an invocation takes some lines is loaded. */
interface OperandLoads {
  readonly name: 'a' | 'b'
  readonly fetch: Fetch
  /** Lines of a block. */
  readonly count: number
  readonly declarations: string
  readonly packed: boolean
}

/** Four lines by one load only where a block has as many. */
function directFetch(operand: ProductOperand, count: number, packed: boolean): Fetch {
  const fetch = packed ? packedFetch(operand) : fetchOf(operand, true)
  return fetch === 'lines' && count < 4 ? 'line' : fetch
}

const packedTextOf = (fetch: Fetch, packed: boolean) =>
  packed ? (fetch === 'lines' ? packedLinesText : packedText) : null

/** Where the lines of a block begin; lines behind the last one are the last one. */
function basesOf({ name, fetch, count }: OperandLoads, lines: string): string[] {
  const width = fetch === 'lines' ? 4 : 1
  return range(count / width).map(
    i =>
      `let ${name}Base${i} = ${name}Batch(batch) + ${name}Line(min(${name}First + ${i * width}u, ${lines} - ${width}u));`,
  )
}

/** Loads what a block takes of some steps of depth. */
function loadsOf({ name, fetch, count, packed }: OperandLoads, steps: number): string[] {
  if (fetch === 'depths')
    return [
      `let ${name}D = ${name}Depth(k);`,
      ...range(count).map(i => `let ${name}${i} = ${name}At(${name}Base${i} + ${name}D);`),
    ]
  const width = fetch === 'lines' ? 4 : 1
  const load = packed ? (fetch === 'lines' ? 'Fours' : 'Four') : 'At'
  return range(steps).flatMap(k => [
    `let ${name}D${k} = ${packed ? 'k' : `${name}Depth(k + ${k}u)`};`,
    ...range(count / width).map(i => {
      const place = packed ? `${name}Base${i}, ${name}D${k}` : `${name}Base${i} + ${name}D${k}`
      return `let ${name}${i}_${k} = ${name}${load}(${place});`
    }),
  ])
}

/** The element of a line of the block at a step. */
function elementOf({ name, fetch }: OperandLoads, line: number, step: number): string {
  if (fetch === 'depths') return `${name}${line}.${'xyzw'[step]}`
  return fetch === 'lines' ? `${name}${line >> 2}_${step}.${'xyzw'[line & 3]}` : `${name}${line}_${step}`
}
