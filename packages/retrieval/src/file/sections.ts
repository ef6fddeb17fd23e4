import { SurprisalError } from '@surprisal/tensor'
import type { Id } from '../_shared/types.ts'
import { parseJson } from './header.ts'
import type { IndexFile } from './index-file.ts'

/** The constructor of a typed array that a section can be viewed as. */
interface ArrayType<T> {
  readonly name: string
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBuffer, byteOffset: number, length: number): T
}

/** Typed access to the sections of a decoded file, with errors of code `'format'` that start with the caller's name. */
export class SectionReader {
  readonly #file: IndexFile
  readonly #caller: string

  constructor(file: IndexFile, caller: string) {
    this.#file = file
    this.#caller = caller
  }

  /** Throws an error of code `'format'`. */
  fail(what: string): never {
    throw new SurprisalError('format', `${this.#caller}: ${what}`)
  }

  /** A section as a typed array of exactly `length` elements: a view on the file where its alignment allows it. */
  array<T>(name: string, Type: ArrayType<T>, length?: number): T {
    const bytes = this.#file.section(name)
    const size = Type.BYTES_PER_ELEMENT
    const expected = length === undefined ? bytes.length - (bytes.length % size) : length * size
    if (bytes.length !== expected) {
      this.fail(`section "${name}" has ${bytes.length} bytes, expected ${length ?? 'a multiple of'} x ${size}`)
    }
    if (size > 1 && new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) {
      throw new SurprisalError('device', `${this.#caller}: index files are little endian, this machine is not`)
    }
    const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice()
    return new Type(aligned.buffer as ArrayBuffer, aligned.byteOffset, expected / size)
  }

  /** A section that holds a JSON list of different ids. */
  ids(name: string, count: number): Id[] {
    const list = this.#list(name, count)
    if (!list.every(id => typeof id === 'string' || Number.isSafeInteger(id))) {
      this.fail(`section "${name}" must list strings and integers`)
    }
    return list as Id[]
  }

  /** A section that holds a JSON list of different strings. */
  strings(name: string, count: number): string[] {
    const list = this.#list(name, count)
    if (!list.every(item => typeof item === 'string')) this.fail(`section "${name}" must list strings`)
    return list as string[]
  }

  /** A count among the metadata. */
  count(name: string): number {
    const value = this.#file.metadata[name]
    if (!Number.isSafeInteger(value) || (value as number) < 0) this.fail(`metadata ${name} must be a count`)
    return value as number
  }

  /** The dimension of vectors among the metadata. */
  dimension(name: string): number {
    const value = this.count(name)
    return value > 0 ? value : this.fail(`metadata ${name} must be >= 1`)
  }

  /** A number among the metadata. */
  number(name: string): number {
    const value = this.#file.metadata[name]
    if (typeof value !== 'number') this.fail(`metadata ${name} must be a number`)
    return value as number
  }

  /** A word among the metadata, one of those known. */
  oneOf<T extends string>(name: string, known: readonly T[]): T {
    const value = this.#file.metadata[name]
    if (!known.includes(value as T)) this.fail(`metadata ${name} must be one of ${known.join(', ')}`)
    return value as T
  }

  #list(name: string, count: number): unknown[] {
    const list = parseJson(this.#file.section(name), `section "${name}"`, what => this.fail(what))
    if (!Array.isArray(list) || list.length !== count || new Set(list).size !== count) {
      this.fail(`section "${name}" must list ${count} different entries`)
    }
    return list as unknown[]
  }
}

/** A JSON list as a section; lone surrogates survive as escapes. */
export function jsonSection(list: readonly unknown[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(list))
}

/** The kinds of index file. */
export const KIND = { bm25: 1, flat: 2, int8: 3, binary: 4 } as const
