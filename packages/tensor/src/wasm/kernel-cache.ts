import type { Arena } from './arena.ts'
import { Assembler } from './assembler.ts'
import { Code } from './code.ts'
import { hostFunctions } from './host-functions.ts'
import { kernelParameters, type Phase } from './lowered.ts'

/** A compiled kernel: `(args, begin, end, scratch)`. */
export type KernelCall = (args: number, begin: number, end: number, scratch: number) => void

/** A kernel that can be run here and, by its number, on other threads. */
export interface CachedKernel {
  readonly id: number
  readonly call: KernelCall
}

/** Kernels that are kept for plans to come, the latest used; a plan keeps its own. */
const mostKernels = 2048

/** Kernels by structure. All that a plan lacks are compiled as one module. */
export class KernelCache {
  readonly #arena: Arena
  readonly #relaxed: boolean
  /** The latest used come last. */
  readonly #kernels = new Map<string, CachedKernel>()
  #compiled = 0
  /** The bytes of every module so far, for threads that start later. */
  readonly modules: Uint8Array<ArrayBuffer>[] = []

  /** @param relaxed whether bodies may use relaxed SIMD */
  constructor(arena: Arena, relaxed: boolean) {
    this.#arena = arena
    this.#relaxed = relaxed
  }

  /** How many have been compiled so far. */
  get compiled(): number {
    return this.#compiled
  }

  /** The kernels of phases, in their order; `added` is told of a new module. */
  compile(phases: readonly Phase[], added: (bytes: Uint8Array<ArrayBuffer>) => void): CachedKernel[] {
    const missing = new Map<string, Phase>()
    for (const phase of phases) if (!this.#kernels.has(phase.key)) missing.set(phase.key, phase)
    if (missing.size > 0) {
      const bytes = this.#load([...missing.values()])
      this.modules.push(bytes)
      added(bytes)
    }
    const kernels = phases.map(({ key }) => this.#kernels.get(key) as CachedKernel)
    phases.forEach(({ key }, i) => {
      this.#kernels.delete(key)
      this.#kernels.set(key, kernels[i])
    })
    for (const key of this.#kernels.keys()) {
      if (this.#kernels.size <= mostKernels) break
      this.#kernels.delete(key)
    }
    return kernels
  }

  #load(phases: readonly Phase[]): Uint8Array<ArrayBuffer> {
    const codes = phases.map(phase => {
      const code = new Code(kernelParameters.length, { relaxed: this.#relaxed })
      phase.write(code)
      return code
    })
    const assembler = new Assembler()
    assembler.importMemory('host', 'memory', { initial: 1, maximum: 65536, shared: this.#arena.shared })
    if (codes.some(code => code.callsHost))
      for (const [name, fn] of Object.entries(hostFunctions))
        assembler.importFunction('host', name, new Array<'f64'>(fn.length).fill('f64'), ['f64'])
    const first = this.#compiled
    this.#compiled += phases.length
    codes.forEach((code, i) => {
      assembler.add(String(first + i), kernelParameters, [], code)
    })
    const bytes = assembler.finish()
    const host = { memory: this.#arena.memory, ...hostFunctions }
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host })
    phases.forEach(({ key }, i) => {
      const id = first + i
      this.#kernels.set(key, { id, call: exports[String(id)] as KernelCall })
    })
    return bytes
  }
}
