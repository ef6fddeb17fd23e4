import type { DType } from '../dtype.ts'
import { type AffineMap, composeMaps, identityMap } from '../graph/affine.ts'
import { sizeOf } from '../shape.ts'
import type { Draft } from './draft.ts'
import { aroundIndex } from './gathers.ts'
import type { Access, Group, Instruction, Store } from './group.ts'
import { joinsColumns, wantsCopy } from './layout.ts'
import { isPlainIota, isStructural } from './trace.ts'
import type { Value } from './values.ts'

/** A number that a kernel is given at each run, read off a node of the trace at hand. */
export interface Scalar {
  readonly position: number
  readonly what: 'value' | 'start' | 'step' | 'key'
}

/** A group with what fills its buffers and its scalars: values, and places in the trace. */
export interface BuiltGroup {
  readonly group: Group
  /** The value in each buffer. */
  readonly buffers: readonly number[]
  readonly scalars: readonly Scalar[]
}

/**
 * Writes the instructions of a draft.
 * @param inputs for reductions, the map from the space to what they reduce
 * @param copyOf gives a dense copy, over the whole space, of a value that would be read badly at a place
 */
export function buildGroup(
  draft: Draft,
  values: readonly Value[],
  inputs: ReadonlyMap<number, AffineMap>,
  copyOf: (value: number, place: AffineMap, draft: Draft) => number,
): BuiltGroup {
  const instructions: Instruction[] = []
  const buffers: number[] = []
  const dtypes: DType[] = []
  const scalars: Scalar[] = []
  const known = new Map<string, number>()
  const written = new Map<string, number>()

  const bufferOf = (value: number, dtype: DType): number => {
    const at = buffers.indexOf(value)
    if (at >= 0) return at
    dtypes.push(dtype)
    return buffers.push(value) - 1
  }
  const scalarOf = (position: number, what: Scalar['what']): number => {
    const at = scalars.findIndex(scalar => scalar.position === position && scalar.what === what)
    return at >= 0 ? at : scalars.push({ position, what }) - 1
  }
  const accessOf = ({ shape, strides, offset }: AffineMap): Access => ({
    strides: strides.map((stride, d) => (shape[d] === 1 ? 0 : stride)),
    offset,
  })
  const through = (place: AffineMap, map: AffineMap): AffineMap => {
    const composed = composeMaps(place, map)
    if (!composed) throw new Error('buildGroup: views do not compose')
    return composed
  }
  const load = (value: number, place: AffineMap, dtype: DType): Instruction =>
    wantsCopy(place, draft)
      ? loadCopy(value, place, dtype)
      : { kind: 'load', dtype, buffer: bufferOf(value, dtype), access: accessOf(place) }
  const loadCopy = (value: number, place: AffineMap, dtype: DType): Instruction => {
    const buffer = bufferOf(copyOf(value, place, draft), dtype)
    return { kind: 'load', dtype, buffer, access: accessOf(identityMap(draft.space)) }
  }
  const write = (value: number, place: AffineMap): Instruction => {
    const { node, role, reads, position, fixed } = values[value]
    const { primitive, dtype } = node
    if (role === 'number') return writeNumber(node, fixed ? null : position)
    if (!draft.places.has(value)) return load(value, place, dtype)
    const operand = (i: number): number => {
      const { base, map } = reads[i]
      return emit(base, values[base].role === 'number' ? place : through(place, map))
    }
    const walks = primitive.kind === 'iota' || primitive.kind === 'random'
    if (walks && !joinsColumns(place, draft)) return loadCopy(value, place, dtype)
    switch (primitive.kind) {
      case 'iota':
        return {
          kind: 'iota',
          dtype,
          access: accessOf(place),
          start: scalarOf(position, 'start'),
          step: scalarOf(position, 'step'),
          plain: isPlainIota(node),
        }
      case 'random':
        return { kind: 'random', dtype: 'int32', access: accessOf(place), key: scalarOf(position, 'key') }
      case 'unary':
        return { kind: 'unary', dtype, f: primitive.f, x: operand(0) }
      case 'binary':
        return { kind: 'binary', dtype, f: primitive.f, a: operand(0), b: operand(1) }
      case 'select':
        return { kind: 'select', dtype, condition: operand(0), a: operand(1), b: operand(2) }
      case 'cast':
        return { kind: 'cast', dtype, x: operand(0) }
      case 'gather': {
        const [source] = reads
        const { dim, op } = primitive
        const around = through(place, aroundIndex(values[value]))
        if (!joinsColumns(around, draft)) return loadCopy(value, place, dtype)
        return {
          kind: 'lookup',
          dtype,
          buffer: bufferOf(source.base, dtype),
          access: accessOf(around),
          index: operand(1),
          stride: source.map.strides[dim],
          size: source.map.shape[dim],
          dim,
          op,
        }
      }
      case 'reduce': {
        const x = emit(reads[0].base, through(inputs.get(value) as AffineMap, reads[0].map))
        return { kind: 'reduce', dtype, f: primitive.f, x }
      }
      default:
        throw new Error(`buildGroup: ${primitive.kind} cannot be fused`)
    }
  }
  const writeNumber = ({ primitive, dtype }: Value['node'], position: number | null): Instruction => {
    const { value } = primitive as { value: number }
    if (position === null || isStructural(value)) return { kind: 'constant', dtype, value }
    return { kind: 'scalar', dtype, slot: scalarOf(position, 'value') }
  }
  /** The number of the instruction that gives a value at a place; a copy of a view is the value that it copies. */
  const emit = (value: number, place: AffineMap): number => {
    const { role, reads, copies } = values[value]
    if (copies && draft.places.has(value)) return emit(reads[0].base, through(place, reads[0].map))
    const key = role === 'number' ? `${value}` : `${value}@${place.offset},${place.strides.join()}`
    const at = known.get(key)
    if (at !== undefined) return at
    const instruction = write(value, place)
    const text = textOf(instruction)
    const number = written.get(text) ?? instructions.push(instruction) - 1
    known.set(key, number)
    written.set(text, number)
    return number
  }

  const stores = [...draft.stores].map((value): Store => {
    const [place] = draft.places.get(value) as AffineMap[]
    const number = emit(value, place)
    const { shape, dtype } = values[value].node
    const each =
      draft.kind === 'pointwise' || (draft.kind === 'rows' && sizeOf(shape) === draft.size) ? 'element' : 'row'
    return { value: number, buffer: bufferOf(value, dtype), each }
  })
  const reduced =
    draft.kind === 'rows'
      ? draft.space.map((_, d) => d).slice(draft.split)
      : draft.kind === 'columns'
        ? draft.reduced
        : []
  return {
    group: {
      kind: draft.kind,
      space: draft.space,
      reduced,
      buffers: dtypes,
      instructions,
      scalars: scalars.length,
      stores,
    },
    buffers,
    scalars,
  }
}

/** Equal texts mean equal instructions; JSON alone knows neither -0 nor NaN. */
const textOf = (instruction: Instruction): string =>
  instruction.kind === 'constant'
    ? `${instruction.dtype} ${Object.is(instruction.value, -0) ? '-0' : instruction.value}`
    : JSON.stringify(instruction)
