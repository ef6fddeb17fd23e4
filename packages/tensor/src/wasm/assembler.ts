import { SurprisalError } from '../error.ts'
import { Code, typeCodes, type ValueType } from './code.ts'
import { pushUnsigned } from './leb128.ts'

/** Limits of an imported memory in pages of 64 KiB; a shared memory needs a maximum. */
export interface MemoryLimits {
  readonly initial: number
  readonly maximum?: number
  readonly shared?: boolean
}

const functionKind = 0x00
const memoryKind = 0x02

/**
 * Builds a WebAssembly module in memory: import what it needs, add functions, take the bytes.
 * Functions are numbered in order, imports first.
 */
export class Assembler {
  readonly #types: string[] = []
  readonly #imports: number[][] = []
  readonly #functions: { readonly type: number; readonly body: number[] }[] = []
  readonly #exports: number[][] = []
  #importedFunctions = 0

  /** Imports the one memory that loads and stores refer to. */
  importMemory(module: string, name: string, limits: MemoryLimits): void {
    const { initial, maximum, shared = false } = limits
    const entry = [...text(module), ...text(name), memoryKind, (maximum === undefined ? 0 : 1) | (shared ? 2 : 0)]
    pushUnsigned(entry, initial)
    if (maximum !== undefined) pushUnsigned(entry, maximum)
    this.#imports.push(entry)
  }

  /**
   * Imports a function; returns the index for `code.call`.
   * @throws {SurprisalError} `argument` after a function has been added, whose index would shift
   */
  importFunction(
    module: string,
    name: string,
    parameters: readonly ValueType[],
    results: readonly ValueType[] = [],
  ): number {
    if (this.#functions.length > 0)
      throw new SurprisalError('argument', `importFunction: imports must come before functions, got ${name}`)
    const entry = [...text(module), ...text(name), functionKind]
    pushUnsigned(entry, this.#type(parameters, results))
    this.#imports.push(entry)
    return this.#importedFunctions++
  }

  /**
   * Adds a function, exported where `name` is not null; returns the index for `code.call`.
   * @param write writes the body; the parameters are the locals 0, 1, 2 ...
   */
  function(
    name: string | null,
    parameters: readonly ValueType[],
    results: readonly ValueType[],
    write: (code: Code) => void,
  ): number {
    const code = new Code(parameters.length)
    write(code)
    return this.add(name, parameters, results, code)
  }

  /** Adds a function whose body has been written; see {@link Assembler.function}. */
  add(name: string | null, parameters: readonly ValueType[], results: readonly ValueType[], code: Code): number {
    const index = this.#importedFunctions + this.#functions.length
    const locals = code.locals.map(type => [1, typeCodes[type]])
    this.#functions.push({
      type: this.#type(parameters, results),
      body: [...list(locals), ...code.prologue, ...code.bytes, 0x0b],
    })
    if (name !== null) {
      const entry = [...text(name), functionKind]
      pushUnsigned(entry, index)
      this.#exports.push(entry)
    }
    return index
  }

  /** The bytes of the module, ready for `WebAssembly.Module`. */
  finish(): Uint8Array<ArrayBuffer> {
    const types = this.#types.map(type => type.split(',').map(Number))
    return new Uint8Array([
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...section(1, types),
      ...section(2, this.#imports),
      ...section(
        3,
        this.#functions.map(({ type }) => sized([], type)),
      ),
      ...section(7, this.#exports),
      ...section(
        10,
        this.#functions.map(({ body }) => sized(body, body.length)),
      ),
    ])
  }

  #type(parameters: readonly ValueType[], results: readonly ValueType[]): number {
    const codes = (types: readonly ValueType[]) => list(types.map(type => [typeCodes[type]]))
    const type = [0x60, ...codes(parameters), ...codes(results)].join()
    const known = this.#types.indexOf(type)
    return known >= 0 ? known : this.#types.push(type) - 1
  }
}

function sized(bytes: readonly number[], size: number): number[] {
  const out: number[] = []
  pushUnsigned(out, size)
  return out.concat(bytes)
}

const list = (entries: readonly (readonly number[])[]): number[] => sized(entries.flat(), entries.length)

function text(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value)]
  return sized(bytes, bytes.length)
}

function section(id: number, entries: readonly (readonly number[])[]): number[] {
  const content = list(entries)
  return entries.length === 0 ? [] : [id, ...sized(content, content.length)]
}
