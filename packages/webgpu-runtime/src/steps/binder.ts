import { bytesPerElement, type DType } from '@surprisal/tensor/backend'
import type { BindingKind } from '../pipelines/layouts.ts'
import type { Bindings, StorageBinding } from '../wgsl/bindings.ts'

/** Binds buffers of a step one after the other. */
export class Binder implements Bindings {
  readonly storage: StorageBinding[] = []
  readonly #kinds: BindingKind[] = []
  readonly #lines: string[] = []
  readonly #places = new Map<number, { name: string; base: number }>()

  /** @param from bindings that stand before those to come */
  constructor(from: Bindings | null = null) {
    if (!from) return
    this.storage.push(...from.storage)
    this.#kinds.push(...from.kinds.slice(0, -1))
    this.#lines.push(from.declarations)
  }

  /** Binds a buffer that is read as a variable of that name. */
  read(buffer: number, name: string, element = 'u32'): string {
    return this.#bind({ kind: 'buffer', buffer, clear: false }, 'read', name, element)
  }

  write(buffer: number, name: string, element = 'u32'): string {
    return this.#bind({ kind: 'buffer', buffer, clear: false }, 'read_write', name, element)
  }

  /** Binds a buffer whose packed words are shared by invocations: they are zero at first. */
  writeShared(buffer: number, name: string, dtype: DType): string {
    const shared = bytesPerElement[dtype] < 4
    const binding: StorageBinding = { kind: 'buffer', buffer, clear: shared }
    return this.#bind(binding, 'read_write', name, shared ? 'atomic<u32>' : 'u32')
  }

  /** Binds what wrong indices are reported to. */
  status(): string {
    return this.#bind({ kind: 'status' }, 'read_write', 'status', 'atomic<u32>')
  }

  get kinds(): readonly BindingKind[] {
    return [...this.#kinds, 'uniform']
  }

  get declarations(): string {
    return this.#lines.join('\n')
  }

  place(buffer: number): { readonly name: string; readonly base: number } {
    return this.#places.get(buffer) as { name: string; base: number }
  }

  #bind(binding: StorageBinding, mode: 'read' | 'read_write', name: string, element: string): string {
    this.#lines.push(`@group(0) @binding(${this.storage.length}) var<storage, ${mode}> ${name}: array<${element}>;`)
    if (binding.kind === 'buffer') this.#places.set(binding.buffer, { name, base: 0 })
    this.storage.push(binding)
    this.#kinds.push(mode)
    return name
  }
}
