import type { DType, Value } from '@surprisal/tensor/backend'
import { type Accumulator, accumulatorFor } from '../../wgsl/accumulator.ts'
import { loadElement, storeShared } from '../../wgsl/elements.ts'
import type { GroupKernel } from '../../wgsl/group-kernel.ts'
import { Params } from '../../wgsl/params.ts'
import { Binder } from '../binder.ts'
import { kernelOf } from '../kernel-of.ts'
import { type LoweredStep, nothing } from '../lowered-step.ts'
import { Walk } from '../walk.ts'
import { type Lines, linesOf } from './lines.ts'
import type { Operand } from './operand.ts'

type ScanPrimitive = Extract<Value['node']['primitive'], { kind: 'scan' }>

/** What `scan` computes: buffers x, result. */
export interface Scan extends Pick<ScanPrimitive, 'f' | 'dim' | 'exclusive' | 'reverse'> {
  readonly x: Operand
  /** Of the result. */
  readonly dtype: DType
}

const workgroup = 64
/** A line of at most this length is one invocation's, as is any line where there are many of them. */
const longest = 64
const manyLines = 4096
const parts = 2

/**
 * Running results along a dim. Long lines are cut into parts: what each part comes to, what stands in front of each,
 * and the results from there on.
 */
export function lowerScan(scan: Scan): LoweredStep {
  const lines = linesOf(scan.x, scan.dim)
  const { count, length } = lines
  if (count * length === 0) return nothing
  if (length <= longest || count >= manyLines) return { ...nothing, kernels: [running(scan, lines, length)] }
  const part = Math.ceil(Math.sqrt(length))
  const states = accumulatorOf(scan).types.length * count * Math.ceil(length / part)
  const kernels = [totals(scan, lines, part), carries(scan, lines, part), running(scan, lines, part)]
  return { ...nothing, kernels, workspaces: [{ buffer: parts, bytes: 4 * states }] }
}

function accumulatorOf({ f, x }: Scan): Accumulator {
  if (f !== 'logsumexp') return accumulatorFor(f, x.dtype, 'a')
  const join = (x: string): string[] => [`a0 = logaddexpOf(a0, ${x});`]
  return {
    types: ['f32'],
    state: ['a0'],
    declare: ['var a0 = -infinity();'],
    take: join,
    finish: [],
    merge: ([other]) => join(other),
    result: 'a0',
  }
}

/** The words of a state, and a state out of the words at a place. */
const wordsOf = ({ types, state }: Accumulator): string[] =>
  types.map((type, k) => (type === 'bool' ? `select(0u, 1u, ${state[k]})` : `bitcast<u32>(${state[k]})`))
const stateAt = ({ types }: Accumulator, at: string): string[] =>
  types.map((type, k) => {
    const word = `parts[(${at}) * ${types.length}u + ${k}u]`
    return type === 'bool' ? `(${word} != 0u)` : `bitcast<${type}>(${word})`
  })
const storeState = (to: Accumulator, at: string): string[] =>
  wordsOf(to).map((word, k) => `parts[(${at}) * ${to.types.length}u + ${k}u] = ${word};`)

/** Writes the kernels of a scan, in which an invocation has a part of a line. */
class ScanWriter {
  readonly params = new Params()
  readonly binder = new Binder()
  readonly to: Accumulator
  readonly head: readonly string[]
  readonly #units: number
  readonly #loop: readonly string[]
  readonly #x: string
  readonly #scan: Scan

  constructor(scan: Scan, lines: Lines, part: number) {
    const { params } = this
    const count = Math.ceil(lines.length / part)
    this.#scan = scan
    this.to = accumulatorOf(scan)
    this.#units = lines.count * count
    this.#x = this.binder.read(0, 'x')
    params.setUnits(this.#units)
    const walk = new Walk(params, lines.across, [lines.from, lines.to])
    const [lineCount, length, partText] = [lines.count, lines.length, part].map(word => params.word(word))
    const [from, to] = [lines.fromStride, lines.toStride].map(stride => params.word(stride >>> 0))
    this.head = [
      `let unit = group * ${workgroup}u + l;`,
      'if (unit >= p[0].x) { return; }',
      `let line = unit % ${lineCount};`,
      `let part = unit / ${lineCount};`,
      ...walk.coordinates('line'),
      `let fromStart = ${walk.index(lines.from)};`,
      `let toStart = ${walk.index(lines.to)};`,
      ...this.to.declare,
    ]
    this.#loop = [
      'var t = 0u;',
      `for (var j = part * ${partText}; j < min(${length}, (part + 1u) * ${partText}); j++) {`,
      `let position = ${scan.reverse ? `${length} - 1u - j` : 'j'};`,
      `let fromAt = fromStart + position * ${from};`,
      `let toAt = toStart + position * ${to};`,
    ]
  }

  /** The loop over the elements of a part, with statements before and after each is taken in. */
  sweep(before: readonly string[], after: readonly string[]): string[] {
    const x = loadElement(this.#scan.x.dtype, this.#x, 'fromAt')
    return [...this.#loop, `let x = ${x};`, ...before, ...this.to.take('x'), 't += 1u;', ...after, '}']
  }

  kernel(lines: readonly string[], units = this.#units): GroupKernel {
    const { binder, params } = this
    return kernelOf({ params, binder, workgroup, groups: Math.ceil(units / workgroup), lines })
  }
}

/** What each part comes to. */
function totals(scan: Scan, lines: Lines, part: number): GroupKernel {
  const writer = new ScanWriter(scan, lines, part)
  const { head, to, binder } = writer
  binder.write(parts, 'parts')
  return writer.kernel([...head, ...writer.sweep([], []), ...to.finish, ...storeState(to, 'unit')])
}

/** What stands in front of each part of a line, in place of what it comes to. */
function carries(scan: Scan, lines: Lines, part: number): GroupKernel {
  const params = new Params()
  const binder = new Binder()
  const to = accumulatorOf(scan)
  binder.write(parts, 'parts')
  params.setUnits(lines.count)
  const own = to.state.map((_, k) => `own${k}`)
  const body = [
    `let line = group * ${workgroup}u + l;`,
    'if (line >= p[0].x) { return; }',
    ...to.declare,
    `for (var part = 0u; part < ${params.word(Math.ceil(lines.length / part))}; part++) {`,
    'let at = part * p[0].x + line;',
    ...stateAt(to, 'at').map((state, k) => `let ${own[k]} = ${state};`),
    ...storeState(to, 'at'),
    ...to.merge(own),
    '}',
  ]
  return kernelOf({ params, binder, workgroup, groups: Math.ceil(lines.count / workgroup), lines: body })
}

/** The results, from what stands in front of each part on. */
function running(scan: Scan, lines: Lines, part: number): GroupKernel {
  const writer = new ScanWriter(scan, lines, part)
  const { head, to, binder, params } = writer
  const { f, dtype, exclusive, reverse, x } = scan
  const out = binder.writeShared(1, 'out', dtype)
  const isCut = part < lines.length
  if (isCut) binder.read(parts, 'parts')
  // Sums of floats are held in blocks that are not joined yet.
  const isSum = f === 'sum' && (x.dtype === 'float32' || x.dtype === 'float16')
  const isPosition = to.types.length === 2
  const place = reverse ? `i32(${params.word(lines.length - 1)}) - ${to.result}` : to.result
  const value = isSum ? 'a0 + (ab + ac)' : isPosition ? place : to.result
  const store = [`let value = ${value};`, storeShared(dtype, out, 'value', 'toAt')]
  const carried = isCut ? stateAt(to, 'unit').map((state, k) => `${to.state[k]} = ${state};`) : []
  const sweep = exclusive ? writer.sweep(store, []) : writer.sweep([], store)
  return writer.kernel([...head, ...carried, ...sweep])
}
