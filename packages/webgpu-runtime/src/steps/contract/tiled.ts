import type { GroupKernel } from '../../wgsl/group-kernel.ts'
import type { Params } from '../../wgsl/params.ts'
import { kernelOf } from '../kernel-of.ts'
import type { Finish } from './finish.ts'
import { type Fetch, fetchOf, operandText, sumType } from './operand.ts'
import { packedDepth, packedFetch, packedLinesText, packedProducts, packedText } from './packed.ts'
import type { Product, ProductOperand } from './product.ts'

/** Rows and columns of a tile. */
export type Tile = 32 | 64

/** How a product is cut: square tiles of the result, and parts of the depth that are summed by themselves. */
export interface Tiling {
  readonly tile: Tile
  readonly parts: number
}

/**
 * Each workgroup makes a tile of the result, four rows by four columns in each invocation, from tiles of the operands
 * in its memory. Elements of part `n` are finished behind all those of the parts before.
 * @param packed whether four steps of depth are taken at a time, as `isPacked` says; default false
 */
export function lowerTiled(
  product: Product,
  { tile, parts }: Tiling,
  params: Params,
  finish: Finish,
  packed = false,
): GroupKernel {
  const { batch, rows, columns, dtype } = product
  const depth = packed ? packedDepth(product.depth) : product.depth
  const quads = tile / 4
  const workgroup = quads * quads
  const type = sumType(dtype)
  const { binder } = finish
  const inTile = packed ? 'u32' : type
  const fetch = (operand: ProductOperand): Fetch => (packed ? packedFetch(operand) : fetchOf(operand, true))
  const fetches = { a: fetch(product.a), b: fetch(product.b) }
  const operands = (['a', 'b'] as const).map(name => {
    const text = fetches[name] === 'lines' ? packedLinesText : packedText
    if (packed) return text(params, binder, name, product[name], product.depth)
    const fours = fetches[name] === 'lines' || fetches[name] === 'depths'
    return operandText(params, binder, name, product[name], fours)
  })
  const tiles = [Math.ceil(rows / tile), Math.ceil(columns / tile)]
  const groups = batch * parts * tiles[0] * tiles[1]
  params.setUnits(groups)
  const [rowsText, columnsText, depthText] = [rows, columns, depth].map(size => params.word(size))
  const [downText, acrossText, batchText] = [...tiles, batch].map(size => params.word(size))
  const spanText = params.word(Math.ceil(depth / parts / quads) * quads)
  const loads = [
    ...loadTile({ name: 'a', fetch: fetches.a, quads, type: inTile, lines: rowsText, first: 0, packed }),
    ...loadTile({ name: 'b', fetch: fetches.b, quads, type: inTile, lines: columnsText, first: 1, packed }),
  ]
  const steps = ['x', 'y', 'z', 'w'].map((c, r) => `c${r} += ${packed ? `packedProducts(x.${c}, y)` : `x.${c} * y`};`)
  const lines = [
    'if (group >= p[0].x) { return; }',
    `let bColumn = (group % ${acrossText}) * ${tile}u;`,
    `let aColumn = (group / ${acrossText} % ${downText}) * ${tile}u;`,
    `let layer = group / (${acrossText} * ${downText});`,
    `let batch = layer % ${batchText};`,
    `let start = layer / ${batchText} * ${spanText};`,
    `let end = min(${depthText}, start + ${spanText});`,
    `let q = l % ${quads}u;`,
    `let r = l / ${quads}u;`,
    ...loads.flatMap(({ before }) => before),
    ...steps.map((_, i) => `var c${i} = vec4<${type}>();`),
    `for (var k0 = start; k0 < end; k0 += ${quads}u) {`,
    ...loads.flatMap(({ each }) => each),
    'workgroupBarrier();',
    `for (var k = 0u; k < ${quads}u; k++) {`,
    `let x = aTile[k * ${quads}u + r];`,
    `let y = bTile[k * ${quads}u + q];`,
    ...steps,
    '}',
    'workgroupBarrier();',
    '}',
    ...steps.map((_, i) => `storeRow(layer, aColumn + r * 4u + ${i}u, bColumn + q * 4u, c${i});`),
  ]
  const inside = `row < ${rowsText} && column < ${columnsText}`
  const stores = finish.fours
    ? ['finishFour(at, c);']
    : [`for (var j = 0u; j < min(4u, ${columnsText} - column); j++) { finish(at + j, c[j]); }`]
  const declarations = [
    ...operands,
    ...['a', 'b'].map(name => `var<workgroup> ${name}Tile: array<vec4<${inTile}>, ${quads * quads}>;`),
    packed ? packedProducts : '',
    finish.text,
    `fn storeRow(layer: u32, row: u32, column: u32, c: vec4<${type}>) {`,
    `if (${inside}) {`,
    `let at = (layer * ${rowsText} + row) * ${columnsText} + column;`,
    ...stores,
    '} }',
  ].join('\n')
  return kernelOf({ params, binder, workgroup, groups, lines, declarations })
}

interface TileLoad {
  readonly name: 'a' | 'b'
  readonly fetch: Fetch
  readonly quads: number
  readonly type: string
  /** The expression of how many lines there are. */
  readonly lines: string
  /** Which of the two halves of the invocations load, where a quarter of them is enough. */
  readonly first: 0 | 1
  readonly packed: boolean
}

/** Statements in front of the loop over the depth, and those that fill a tile: vectors of four lines, step by step. */
function loadTile({
  name,
  fetch,
  quads,
  type,
  lines,
  first,
  packed,
}: TileLoad): { before: string[]; each: string[] }[] {
  const four = [0, 1, 2, 3]
  const line = (i: string): string => `${name}Line(min(${name}Column + ${i}, ${lines} - 1u))`
  const depth = `${name}Depth(min(${name}K, end - 1u))`
  const zero = `vec4<${type}>()`
  if (fetch === 'depths') {
    // One invocation loads four steps of four lines and turns them.
    const loaders = (quads * quads) / 4
    const unit = `(l - ${first * loaders}u)`
    const rows = four.map(i => `let ${name}V${i} = ${name}At(${name}Base${i} + ${depth});`)
    const columns = ['x', 'y', 'z', 'w'].map((c, k) => {
      const turned = `vec4<${type}>(${four.map(i => `${name}V${i}.${c}`).join(', ')})`
      return `${name}Tile[(${name}Step + ${k}u) * ${quads}u + ${name}Quad] = select(${zero}, ${turned}, ${name}K < end);`
    })
    return [
      {
        before: [
          `let ${name}Step = ${unit} % ${quads / 4}u * 4u;`,
          `let ${name}Quad = ${unit} / ${quads / 4}u;`,
          ...four.map(i => `let ${name}Base${i} = ${name}Batch(batch) + ${line(`${name}Quad * 4u + ${i}u`)};`),
        ],
        each: [`if (${unit} < ${loaders}u) {`, `let ${name}K = k0 + ${name}Step;`, ...rows, ...columns, '}'],
      },
    ]
  }
  const [quad, step] = fetch === 'depth' ? ['r', 'q'] : ['q', 'r']
  const each = (vector: string): string[] => [
    `let ${name}K = k0 + ${step};`,
    `let ${name}D = ${packed ? `min(${name}K, end - 1u)` : depth};`,
    `${name}Tile[${step} * ${quads}u + ${quad}] = select(${zero}, ${vector}, ${name}K < end);`,
  ]
  if (fetch === 'lines') {
    // A vector of four lines is inside or outside as a whole.
    const first = `${name}Line(min(${name}Column + ${quad} * 4u, ${lines} - 4u))`
    return [
      {
        before: [`let ${name}Base = ${name}Batch(batch) + ${first};`],
        each: each(packed ? `${name}Fours(${name}Base, ${name}D)` : `${name}At(${name}Base + ${name}D)`),
      },
    ]
  }
  const at = (i: number): string =>
    packed ? `${name}Four(${name}Base${i}, ${name}D)` : `${name}At(${name}Base${i} + ${name}D)`
  return [
    {
      before: four.map(i => `let ${name}Base${i} = ${name}Batch(batch) + ${line(`${quad} * 4u + ${i}u`)};`),
      each: each(`vec4<${type}>(${four.map(at).join(', ')})`),
    },
  ]
}
