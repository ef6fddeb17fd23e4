import type { AdapterDescription } from '../../device/acquire.ts'
import { GroupRunner } from '../../groups/group-runner.ts'
import type { Runtime } from '../../runtime.ts'
import { Params } from '../../wgsl/params.ts'
import { nothing } from '../lowered-step.ts'
import { storing } from './finish.ts'
import type { Product } from './product.ts'
import { lowerTiled, type Tile } from './tiled.ts'

const candidates: readonly Tile[] = [64, 32]
/** Runs of a candidate in a row, and how often these are timed. */
const runs = 4
const rounds = 3

/** The fastest by adapter, for as long as the page or process lives. */
const winners = new Map<string, Tile>()

const keyOf = ({ vendor, architecture, device, description }: AdapterDescription): string =>
  `surprisal-webgpu-tile ${[vendor, architecture, device, description].join('/')}`

/** The tile that {@link tune} has found for an adapter; undefined where it has not been asked. */
export const tunedTile = (info: AdapterDescription): Tile | undefined => winners.get(keyOf(info))

/** How {@link tune} measures. */
export interface TuneOptions {
  /** Rows, columns and depth of the product, a multiple of 64. @default 512 */
  readonly size?: number
}

/**
 * Finds out whether large matrix products are faster by tiles of 64 or of 32 rows and columns, by timing a product of
 * each, and has backends that are registered from then on use the faster one. An adapter is asked once: the answer is
 * kept in memory and, in pages, in `localStorage`.
 * @returns the tile
 * @throws {SurprisalError} as `runtime.idle`
 */
export async function tune(runtime: Runtime, { size = 512 }: TuneOptions = {}): Promise<Tile> {
  const key = keyOf(runtime.info)
  const known = winners.get(key) ?? candidates.find(tile => recall(key) === String(tile))
  const winner = known ?? (await fastest(runtime, size))
  winners.set(key, winner)
  if (!known) keep(key, String(winner))
  return winner
}

async function fastest(runtime: Runtime, size: number): Promise<Tile> {
  const runner = new GroupRunner(runtime)
  const buffers = Array.from({ length: 3 }, () => runtime.alloc(4 * size * size, 'tune'))
  const steps = candidates.map(tile => {
    const kernel = lowerTiled(squareProduct(size), { tile, parts: 1 }, new Params(), storing(2, 'float32', false, true))
    return { tile, step: { ...nothing, kernels: [kernel] }, best: Number.POSITIVE_INFINITY }
  })
  const time = async ({ tile, step }: (typeof steps)[number], count: number): Promise<number> => {
    const start = performance.now()
    for (let i = 0; i < count; i++) runner.runStep({ name: `tune ${tile}`, step, buffers, scalars: [] })
    await runtime.idle()
    return performance.now() - start
  }
  for (const candidate of steps) await time(candidate, 1)
  for (let round = 0; round < rounds; round++)
    for (const candidate of steps) candidate.best = Math.min(candidate.best, await time(candidate, runs))
  for (const buffer of buffers) buffer.free()
  return steps.reduce((a, b) => (b.best < a.best ? b : a)).tile
}

/** Both operands as `matmul` gets them: rows of the left and of the right one contiguous. */
function squareProduct(size: number): Product {
  const operand = (buffer: number, line: number, depth: number) => {
    const access = { offset: 0, batch: [], line: [{ size, stride: line }], depth: [{ size, stride: depth }] }
    return { dtype: 'float32', access, buffer } as const
  }
  const [a, b] = [operand(0, size, 1), operand(1, 1, size)]
  return { batch: 1, rows: size, columns: size, depth: size, dtype: 'float32', a, b }
}

/** Storage that lasts: pages have one, unless they may not use it. */
function recall(key: string): string | null {
  try {
    return globalThis.document ? localStorage.getItem(key) : null
  } catch {
    return null
  }
}

function keep(key: string, value: string): void {
  try {
    if (globalThis.document) localStorage.setItem(key, value)
  } catch {
    // A page that may not store anything measures again the next time.
  }
}
