import { SurprisalError } from '../error.ts'
import { Assembler } from './assembler.ts'
import type { Code, Local } from './code.ts'

/** Which arithmetic a micro-kernel is made of: fused multiply-add of relaxed SIMD, or a multiply and an add. */
export type GemmVariant = 'madd' | 'mulAdd'

/** Rows and columns of the register tile, and how many steps of K one turn of the loop takes. */
export interface GemmTile {
  readonly rows: number
  readonly columns: number
  readonly unroll: number
}

/** 16 vector registers hold the sums of a tile, one row of B and one element of A; larger tiles spill. */
export const gemmTiles: Record<GemmVariant, GemmTile> = {
  madd: { rows: 6, columns: 8, unroll: 1 },
  mulAdd: { rows: 4, columns: 8, unroll: 2 },
}

/**
 * Multiplies packed panels in wasm memory. All addresses and `stride` are in bytes.
 * @param a row panels, one after the other: `depth` steps of `tile.rows` elements each
 * @param b column panels: `depth` steps of `tile.columns` elements each
 * @param c row-major block of whole tiles with `stride` between its rows
 * @param depth a positive multiple of `tile.unroll`
 * @param accumulate 1 adds to what stands in `c`, 0 overwrites it
 */
export type GemmBlock = (
  a: number,
  b: number,
  c: number,
  stride: number,
  rowPanels: number,
  columnPanels: number,
  depth: number,
  accumulate: number,
) => void

/** The bytes of the module behind {@link GemmBlock}. */
export function gemmModule(variant: GemmVariant): Uint8Array<ArrayBuffer> {
  const assembler = new Assembler()
  assembler.importMemory('host', 'memory', { initial: 0 })
  const parameters = Array.from({ length: 8 }, () => 'i32' as const)
  assembler.function('block', parameters, [], code => writeBlock(code, variant))
  return assembler.finish()
}

function writeBlock(code: Code, variant: GemmVariant): void {
  const [a, b, c, stride, rowPanels, columnPanels, depth, accumulate] = [0, 1, 2, 3, 4, 5, 6, 7]
  const { rows, columns, unroll } = gemmTiles[variant]
  const [aAt, bAt, tileAt, rowAt, panelsLeft, stepsLeft] = Array.from({ length: 6 }, () => code.local('i32'))
  const sums = Array.from({ length: rows }, () => Array.from({ length: columns / 4 }, () => code.local('v128')))
  const bRow = Array.from({ length: columns / 4 }, () => code.local('v128'))
  const element = code.local('v128')
  const advance = (local: Local, bytes: number) => code.get(local).i32(bytes).op('i32.add').set(local)

  const step = (at: number) => {
    bRow.forEach((part, v) => {
      code
        .get(bAt)
        .memory('v128.load', (at * columns + v * 4) * 4)
        .set(part)
    })
    sums.forEach((row, r) => {
      code
        .get(aAt)
        .memory('v128.load32_splat', (at * rows + r) * 4)
        .set(element)
      row.forEach((sum, v) => {
        if (variant === 'madd') code.get(element).get(bRow[v]).get(sum).op('f32x4.relaxed_madd')
        else code.get(element).get(bRow[v]).op('f32x4.mul').get(sum).op('f32x4.add')
        code.set(sum)
      })
    })
  }
  const eachSum = (visit: (sum: Local, offset: number) => void) => {
    code.get(tileAt).set(rowAt)
    for (const row of sums) {
      row.forEach((sum, v) => {
        visit(sum, v * 16)
      })
      code.get(rowAt).get(stride).op('i32.add').set(rowAt)
    }
  }
  const load = () => eachSum((sum, offset) => code.get(rowAt).memory('v128.load', offset).set(sum))
  const store = () => eachSum((sum, offset) => code.get(rowAt).get(sum).memory('v128.store', offset))
  const clear = () => {
    for (const sum of sums.flat()) code.f32x4(0).set(sum)
  }

  code.get(depth).i32(unroll).op('i32.div_u').set(depth)
  code.repeat(columnPanels, () => {
    code.get(a).set(aAt).get(c).set(tileAt).get(rowPanels).set(panelsLeft)
    code.repeat(panelsLeft, () => {
      code.get(b).set(bAt).get(depth).set(stepsLeft)
      code.get(accumulate).if(load, clear)
      // Each tile reads one row panel to its end, which is where the next one begins.
      code.repeat(stepsLeft, () => {
        for (let at = 0; at < unroll; at++) step(at)
        advance(aAt, unroll * rows * 4)
        advance(bAt, unroll * columns * 4)
      })
      store()
      code.get(rowAt).set(tileAt)
    })
    code.get(bAt).set(b)
    advance(c, columns * 4)
  })
}

/** A compiled {@link GemmBlock} with the memory it works in. */
export interface Gemm {
  readonly tile: GemmTile
  readonly memory: WebAssembly.Memory
  readonly block: GemmBlock
}

const compiled = new Map<GemmVariant, Gemm>()
let memory: WebAssembly.Memory | null = null
let preferred: GemmVariant | null = null

/** The fastest variant that this runtime accepts. */
function supportedVariant(): GemmVariant {
  for (const variant of ['madd', 'mulAdd'] as const)
    if (typeof WebAssembly !== 'undefined' && WebAssembly.validate(gemmModule(variant))) return variant
  throw new SurprisalError('device', 'tensor: this runtime has no WebAssembly SIMD')
}

/**
 * The kernel, compiled on its first use: synchronously, which a browser's main thread allows below 4 kB.
 * @param variant the fastest one that the runtime has when omitted
 * @throws {SurprisalError} `device` without WebAssembly SIMD
 */
export function loadGemm(variant?: GemmVariant): Gemm {
  preferred ??= supportedVariant()
  const name = variant ?? preferred
  const known = compiled.get(name)
  if (known) return known
  memory ??= new WebAssembly.Memory({ initial: 1 })
  const instance = new WebAssembly.Instance(new WebAssembly.Module(gemmModule(name)), { host: { memory } })
  const gemm = { tile: gemmTiles[name], memory, block: instance.exports.block as GemmBlock }
  compiled.set(name, gemm)
  return gemm
}
