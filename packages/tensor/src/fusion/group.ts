import type { DType } from '../dtype.ts'
import type { BinaryName, ReduceName, UnaryName } from '../graph/node.ts'
import type { Shape } from '../shape.ts'

/**
 * How a kernel reaches the elements of a buffer: at position `i` of the group's space stands element
 * `offset + sum(i[d] * strides[d])`. Strides may be zero or negative.
 */
export interface Access {
  readonly strides: readonly number[]
  readonly offset: number
}

/**
 * One value of a fused kernel; operands are numbers of earlier instructions. `dtype` is that of the result. A float16
 * value is held as the float32 that it stands for: loads widen, `cast` to float16 rounds, stores narrow.
 */
export type Instruction =
  | { readonly kind: 'load'; readonly dtype: DType; readonly buffer: number; readonly access: Access }
  /**
   * The element of `buffer` at `access` plus `index * stride`, where the int32 `index` must lie in `[0, size)`;
   * `dim` and `op` are for the message when it does not.
   */
  | {
      readonly kind: 'lookup'
      readonly dtype: DType
      readonly buffer: number
      readonly access: Access
      readonly index: number
      readonly stride: number
      readonly size: number
      readonly dim: number
      readonly op: string
    }
  /** A number that is part of the code. */
  | { readonly kind: 'constant'; readonly dtype: DType; readonly value: number }
  /** A number given at each run. */
  | { readonly kind: 'scalar'; readonly dtype: DType; readonly slot: number }
  /** `start + n * step` in float64, rounded once to `dtype`; `n` is `access` and the slots hold float64 numbers. */
  | {
      readonly kind: 'iota'
      readonly dtype: DType
      readonly access: Access
      readonly start: number
      readonly step: number
      /** Whether it is the position itself: start is 0, step is 1, dtype is int32. */
      readonly plain: boolean
    }
  /** Threefry bits (int32) of counter `access` (below 2^31); slot `key` holds the two words of the key. */
  | { readonly kind: 'random'; readonly dtype: 'int32'; readonly access: Access; readonly key: number }
  | { readonly kind: 'unary'; readonly dtype: DType; readonly f: UnaryName; readonly x: number }
  | { readonly kind: 'binary'; readonly dtype: DType; readonly f: BinaryName; readonly a: number; readonly b: number }
  | {
      readonly kind: 'select'
      readonly dtype: DType
      readonly condition: number
      readonly a: number
      readonly b: number
    }
  | { readonly kind: 'cast'; readonly dtype: DType; readonly x: number }
  /** Over all reduced dims of the group. */
  | { readonly kind: 'reduce'; readonly dtype: DType; readonly f: ReduceName; readonly x: number }

/**
 * A kernel of fused primitives over one iteration space.
 *
 * - `pointwise`: nothing is reduced.
 * - `rows`: the trailing dims are reduced. A value that depends on a position within the row (through the strides of
 *   its loads) is one per element, others are one per row; a reduction gives one per row, of which later instructions
 *   may make values per element again, so a row is swept as often as reductions follow upon one another.
 * - `columns`: dims are reduced of which none is the last. Loads stand before reductions, and what follows on a
 *   reduction depends on reductions, scalars and constants only.
 */
export interface Group {
  readonly kind: 'pointwise' | 'rows' | 'columns'
  readonly space: Shape
  /** Dims of `space`, ascending. */
  readonly reduced: readonly number[]
  /** Element types of the buffers. */
  readonly buffers: readonly DType[]
  readonly instructions: readonly Instruction[]
  /** How many numbers are given at each run. */
  readonly scalars: number
  /** Dense and row-major: over the space where `each` is an element, over its kept dims where it is a row. */
  readonly stores: readonly Store[]
}

/** A value that is written to a buffer. */
export interface Store {
  readonly value: number
  readonly buffer: number
  readonly each: 'element' | 'row'
}

/** Numbers of the instructions that one reads. */
export function operandsOf(instruction: Instruction): readonly number[] {
  switch (instruction.kind) {
    case 'unary':
    case 'cast':
    case 'reduce':
      return [instruction.x]
    case 'binary':
      return [instruction.a, instruction.b]
    case 'select':
      return [instruction.condition, instruction.a, instruction.b]
    case 'lookup':
      return [instruction.index]
    default:
      return []
  }
}
