import { Assembler } from '../../assembler.ts'
import { Code } from '../../code.ts'
import { hostArity, hostFunctionNames, hostFunctions } from '../../host-functions.ts'
import { kernelParameters, type Lowered, scalarsAt, statusBytes, wordsAt } from '../../lowered.ts'

type KernelCall = (args: number, begin: number, end: number, scratch: number) => void

const align = (bytes: number): number => Math.ceil(bytes / 64) * 64

const compiled = new Map<string, { call: KernelCall }>()
const memory = new WebAssembly.Memory({ initial: 64 })

/** How a test cuts units into calls: gives where each call ends. */
export type Cut = (units: number) => number[]

const allAtOnce: Cut = units => [units]
export const oneByOne: Cut = units => Array.from({ length: units }, (_, i) => i + 1)

/** Where buffers stand and how to run the phases over them. */
export interface Arena {
  readonly pointers: readonly number[]
  readonly memory: WebAssembly.Memory
  /** @param scalars float32 numbers of the block */
  run(lowered: Lowered, relaxed: boolean, cut?: Cut, scalars?: readonly number[]): void
}

/** Reserves buffers of the given bytes in one memory, each followed by 64 bytes of padding. */
export function reserve(sizes: readonly number[], spare: number): Arena {
  let at = 1024
  const pointers = sizes.map(size => {
    const pointer = at
    at += align(size) + 64
    return pointer
  })
  const need = at + spare
  if (memory.buffer.byteLength < need) memory.grow(Math.ceil((need - memory.buffer.byteLength) / 65536))
  return {
    pointers,
    memory,
    run(lowered, relaxed, cut = allAtOnce, scalars = []) {
      const wordsBegin = wordsAt(pointers.length, scalars.length)
      const workspace = at
      const args = workspace + align(lowered.workspaceBytes) + 64
      for (const phase of lowered.phases) {
        const scratch = align(args + wordsBegin + phase.words.length * 4) + 64
        const end = scratch + phase.scratchBytes
        if (memory.buffer.byteLength < end + 64) memory.grow(Math.ceil((end + 64 - memory.buffer.byteLength) / 65536))
        const block = new Int32Array(memory.buffer)
        block.set([...pointers, workspace], (args + statusBytes) / 4)
        scalars.forEach((scalar, i) => {
          new Float32Array(memory.buffer)[(args + scalarsAt(pointers.length)) / 4 + 2 * i] = scalar
        })
        block.set(phase.words, (args + wordsBegin) / 4)
        const guard = new Uint8Array(memory.buffer, end, 64).fill(0xa5)
        let begin = 0
        for (const until of cut(phase.units)) {
          kernel(`${phase.key} ${relaxed}`, phase.write, relaxed)(args, begin, until, scratch)
          begin = until
        }
        if (guard.some(byte => byte !== 0xa5)) throw new Error(`${phase.key} wrote behind its scratch memory`)
      }
    },
  }
}

function kernel(key: string, write: (code: Code) => void, relaxed: boolean): KernelCall {
  const known = compiled.get(key)
  if (known) return known.call
  const assembler = new Assembler()
  assembler.importMemory('host', 'memory', { initial: 0 })
  const code = new Code(kernelParameters.length, { relaxed })
  write(code)
  if (code.callsHost)
    for (const name of hostFunctionNames)
      assembler.importFunction('host', name, new Array<'f64'>(hostArity(name)).fill('f64'), ['f64'])
  assembler.add('kernel', kernelParameters, [], code)
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assembler.finish()), {
    host: { memory, ...hostFunctions },
  })
  const call = exports.kernel as KernelCall
  compiled.set(key, { call })
  return call
}

/** Kernels compiled so far. */
export const compiledKeys = (): string[] => [...compiled.keys()]
