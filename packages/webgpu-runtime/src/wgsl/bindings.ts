import { bytesPerElement, type Group, type Instruction } from '@surprisal/tensor/backend'
import type { BindingKind } from '../pipelines/layouts.ts'
import { fourType } from './elements.ts'

/** Joined buffers start at multiples of this. */
const alignment = 16

/** A buffer of a group that stands, with others, in one binding. */
export interface JoinedMember {
  readonly buffer: number
  /** Where its copy begins. */
  readonly byteOffset: number
}

/** What a storage binding of a kernel holds: a buffer of the group, copies of several, or a table of the runtime. */
export type StorageBinding =
  /** `clear`: it must be zero before the kernel runs. */
  | { readonly kind: 'buffer'; readonly buffer: number; readonly clear: boolean }
  | { readonly kind: 'joined'; readonly members: readonly JoinedMember[]; readonly bytes: number }
  | { readonly kind: 'normalTable' }
  /** What one kernel of a group leaves to the next one. */
  | { readonly kind: 'partial'; readonly bytes: number }
  /** Where wrong indices are reported; `p[0].y` is the first word of the kernel's own. */
  | { readonly kind: 'status' }

/** Where the buffers of a group are bound. */
export interface Bindings {
  readonly storage: readonly StorageBinding[]
  readonly kinds: readonly BindingKind[]
  /** The variable of each buffer, and how many elements stand before its own. */
  place(buffer: number): { readonly name: string; readonly base: number }
  /** Declarations of the variables. */
  readonly declarations: string
}

/** How buffers are bound. */
export interface BindOptions {
  /** Those whose elements come in aligned fours. @default none */
  readonly fours?: ReadonlySet<number>
  /** Whether words of packed elements are shared by invocations. @default false */
  readonly atomic?: boolean
  /** Those whose buffers are read. @default the group's */
  readonly instructions?: readonly Instruction[]
  /** Whether only the instructions with one value per row are read from. @default false */
  readonly onlyPerRow?: boolean
  /** Whether lookups report wrong indices. @default false */
  readonly status?: boolean
  /** Results of parts, of so many bytes, that are written instead of the group's stores, or read. @default none */
  readonly partial?: { readonly bytes: number; readonly mode: 'read' | 'read_write' }
}

/**
 * Binds the buffers of a group: those that are written one by one; of those that are read, as many as the device
 * allows, the rest joined.
 * @param sizes elements of each buffer
 * @param most how many storage bindings there may be
 */
export function bindBuffers(group: Group, sizes: readonly number[], most: number, options: BindOptions = {}): Bindings {
  const { buffers, stores } = group
  const { atomic = false, fours, instructions = group.instructions, status = false, partial } = options
  const written = new Set(partial?.mode === 'read_write' ? [] : stores.map(({ buffer }) => buffer))
  const read = new Set(instructions.flatMap(i => ('buffer' in i && !written.has(i.buffer) ? [i.buffer] : [])))
  const usesTable = instructions.some(i => i.kind === 'unary' && i.f === 'normalFromBits')
  const reports = status && instructions.some(({ kind }) => kind === 'lookup')
  const room = most - written.size - [usesTable, partial, reports].filter(Boolean).length
  const alone = [...read].slice(0, read.size > room ? room - 1 : read.size)
  const rest = [...read].slice(alone.length)

  const storage: StorageBinding[] = []
  const lines: string[] = []
  const places = new Map<number, { name: string; base: number }>()
  const wordsOf = (buffer: number): string => (fours?.has(buffer) ? fourType(buffers[buffer]) : 'u32')
  const declare = (name: string, mode: string, element: string): void => {
    lines.push(`@group(0) @binding(${lines.length}) var<storage, ${mode}> ${name}: array<${element}>;`)
  }
  for (const buffer of alone) {
    places.set(buffer, { name: `b${buffer}`, base: 0 })
    storage.push({ kind: 'buffer', buffer, clear: false })
    declare(`b${buffer}`, 'read', wordsOf(buffer))
  }
  if (rest.length > 0) {
    let bytes = 0
    const members = rest.map(buffer => {
      const width = bytesPerElement[buffers[buffer]]
      places.set(buffer, { name: 'joined', base: bytes / width })
      const member = { buffer, byteOffset: bytes }
      bytes += Math.ceil((sizes[buffer] * width) / alignment) * alignment
      return member
    })
    storage.push({ kind: 'joined', members, bytes })
    declare('joined', 'read', 'u32')
  }
  if (usesTable) {
    storage.push({ kind: 'normalTable' })
    declare('normalTable', 'read', 'u32')
  }
  if (partial?.mode === 'read') {
    storage.push({ kind: 'partial', bytes: partial.bytes })
    declare('partial', 'read', 'u32')
  }
  const reads = storage.length
  if (partial?.mode === 'read_write') {
    storage.push({ kind: 'partial', bytes: partial.bytes })
    declare('partial', 'read_write', 'u32')
  }
  if (reports) {
    storage.push({ kind: 'status' })
    declare('status', 'read_write', 'atomic<u32>')
  }
  for (const buffer of written) {
    const shared = atomic && bytesPerElement[buffers[buffer]] < 4
    places.set(buffer, { name: `b${buffer}`, base: 0 })
    storage.push({ kind: 'buffer', buffer, clear: shared })
    declare(`b${buffer}`, 'read_write', shared ? 'atomic<u32>' : wordsOf(buffer))
  }
  return {
    storage,
    kinds: [...storage.map((_, i): BindingKind => (i < reads ? 'read' : 'read_write')), 'uniform'],
    place: buffer => places.get(buffer) as { name: string; base: number },
    declarations: lines.join('\n'),
  }
}
