import { bytesPerElement, type DType, type HostArray, hostArray } from '../../../dtype.ts'
import type { Group } from '../../../fusion/group.ts'
import { Assembler } from '../../assembler.ts'
import { Code } from '../../code.ts'
import { floatFromHalf, halfFromFloat } from '../../half.ts'
import { hostArity, hostFunctionNames, hostFunctions } from '../../host-functions.ts'
import { kernelParameters, scalarsAt, statusBytes, wordsAt } from '../../lowered.ts'
import { lowerGroup } from '../lower-group.ts'
import type { Outcome, Slot } from './interpret.ts'

type Kernel = (args: number, begin: number, end: number, scratch: number) => void

const memory = new WebAssembly.Memory({ initial: 1600 })
const kernels = new Map<string, Kernel>()

/** Compiles a phase, once a key: equal keys must mean equal code. */
function compilePhase(key: string, write: (code: Code) => void, relaxed: boolean): Kernel {
  const known = kernels.get(key)
  if (known) return known
  const code = new Code(kernelParameters.length, { relaxed })
  write(code)
  const assembler = new Assembler()
  assembler.importMemory('host', 'memory', { initial: 1 })
  if (code.callsHost)
    for (const name of hostFunctionNames)
      assembler.importFunction('host', name, Array<'f64'>(hostArity(name)).fill('f64'), ['f64'])
  assembler.add('f', kernelParameters, [], code)
  const module = new WebAssembly.Module(assembler.finish())
  const kernel = new WebAssembly.Instance(module, { host: { memory, ...hostFunctions } }).exports.f as Kernel
  kernels.set(key, kernel)
  return kernel
}

/** How a group is run. */
export interface RunOptions {
  /** Units of one call each; the whole in one call when omitted. */
  readonly cut?: number
  readonly slots?: readonly Slot[]
  readonly relaxed?: boolean
  /** Buffers that stand in another one's memory, by number. */
  readonly inPlace?: Readonly<Record<number, number>>
  /** Runs before the measured ones, and how many are measured; for benchmarks. */
  readonly repeats?: number
}

const types = {
  float32: Float32Array,
  float16: Uint16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  bool: Uint8Array,
}

const view = (dtype: DType, address: number, size: number) => new types[dtype](memory.buffer, address, size)

function write(dtype: DType, address: number, data: HostArray): void {
  const target = view(dtype, address, data.length)
  if (dtype === 'float16') for (let i = 0; i < data.length; i++) target[i] = halfFromFloat(data[i])
  else target.set(data)
}

function read(dtype: DType, address: number, size: number): HostArray {
  const source = view(dtype, address, size)
  const out = hostArray(dtype, size)
  if (dtype === 'float16') for (let i = 0; i < size; i++) out[i] = floatFromHalf(source[i])
  else out.set(source)
  return out
}

const guard = 0xa5

/** Runs generated code over the buffers and returns them as they are afterwards. */
export function runGroup(
  group: Group,
  buffers: readonly HostArray[],
  { cut, slots = [], relaxed = false, inPlace = {}, repeats = 0 }: RunOptions = {},
): Outcome & { readonly milliseconds: number } {
  let top = 1024
  const take = (bytes: number): number => {
    const address = top
    top += Math.ceil((bytes + 64) / 64) * 64
    return address
  }
  const addresses: number[] = []
  group.buffers.forEach((dtype, b) => {
    addresses.push(b in inPlace ? addresses[inPlace[b]] : take(buffers[b].length * bytesPerElement[dtype]))
  })
  const lowered = lowerGroup(group, { relaxed })
  const words = lowered.phases.map(phase => phase.words)
  const workspace = take(lowered.workspaceBytes)
  const blocks = words.map(phase => take(wordsAt(group.buffers.length, group.scalars) + 4 * phase.length))
  const scratchBytes = Math.max(0, ...lowered.phases.map(phase => phase.scratchBytes))
  const scratch = take(scratchBytes)
  const all = new Uint8Array(memory.buffer, 0, top)
  all.fill(guard)
  group.buffers.forEach((dtype, b) => {
    if (!(b in inPlace)) write(dtype, addresses[b], buffers[b])
  })
  lowered.phases.forEach((_, p) => {
    const data = new DataView(memory.buffer)
    const block = blocks[p]
    data.setInt32(block, 0, true)
    data.setInt32(block + 4, 0, true)
    for (const [b, address] of [...addresses, workspace].entries())
      data.setInt32(block + statusBytes + 4 * b, address, true)
    slots.forEach((slot, s) => {
      const at = block + scalarsAt(group.buffers.length) + 8 * s
      writeSlot(group, data, at, s, slot)
    })
    new Int32Array(memory.buffer, block + wordsAt(group.buffers.length, group.scalars), words[p].length).set(words[p])
  })
  const run = () => {
    lowered.phases.forEach(({ key, units, write: body }, p) => {
      const kernel = compilePhase(key, body, relaxed)
      const step = cut ?? Math.max(units, 1)
      for (let from = 0; from < units; from += step) kernel(blocks[p], from, Math.min(from + step, units), scratch)
    })
  }
  run()
  const status = new Int32Array(memory.buffer, blocks[0], 2).slice()
  expectGuards(all, group, buffers, addresses, inPlace)
  if (all[scratch + scratchBytes] !== guard) throw new Error('scratch has been overrun')
  const results = group.buffers.map((dtype, b) => read(dtype, addresses[b], buffers[b].length))
  let milliseconds = Number.POSITIVE_INFINITY
  for (let i = 0; i < repeats; i++) {
    const start = performance.now()
    run()
    milliseconds = Math.min(milliseconds, performance.now() - start)
  }
  return { buffers: results, status: [status[0], status[1]], milliseconds }
}

function writeSlot(group: Group, data: DataView, at: number, s: number, slot: Slot): void {
  const user = group.instructions.find(
    instruction =>
      (instruction.kind === 'scalar' && instruction.slot === s) ||
      (instruction.kind === 'iota' && (instruction.start === s || instruction.step === s)),
  )
  if (typeof slot !== 'number') {
    data.setInt32(at, slot[0], true)
    data.setInt32(at + 4, slot[1], true)
  } else if (user?.kind === 'iota') data.setFloat64(at, slot, true)
  else if (user?.dtype === 'float32' || user?.dtype === 'float16') data.setFloat32(at, slot, true)
  else data.setInt32(at, slot, true)
}

/** Nothing may be written behind a buffer. */
function expectGuards(
  all: Uint8Array,
  group: Group,
  buffers: readonly HostArray[],
  addresses: readonly number[],
  inPlace: Readonly<Record<number, number>>,
): void {
  group.buffers.forEach((dtype, b) => {
    if (b in inPlace) return
    const end = addresses[b] + buffers[b].length * bytesPerElement[dtype]
    for (let i = end; i < end + 64; i++)
      if (all[i] !== guard) throw new Error(`buffer ${b} has been overrun by ${i - end + 1} bytes`)
  })
}
