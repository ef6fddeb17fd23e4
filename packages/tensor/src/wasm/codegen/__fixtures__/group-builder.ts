import { type DType, type HostArray, hostArray, isFloat, roundToHalf } from '../../../dtype.ts'
import type { Access, Group, Instruction, Store } from '../../../fusion/group.ts'
import type { BinaryName, ReduceName, UnaryName } from '../../../graph/node.ts'
import { contiguousStrides, sizeOf } from '../../../shape.ts'

/** Numbers that look random and are the same in each run. */
export function noise(size: number, seed = 1): number[] {
  let state = seed
  return Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return state / 2 ** 31
  })
}

/** Elements of a dtype over its small values: floats within 4 of 0, integers within their range. */
export function sample(dtype: DType, size: number, seed = 1): HostArray {
  const out = hostArray(dtype, size)
  noise(size, seed).forEach((x, i) => {
    if (dtype === 'bool') out[i] = Number(x > 0)
    else if (isFloat(dtype)) out[i] = dtype === 'float16' ? roundToHalf(4 * x) : 4 * x
    else out[i] = Math.floor((dtype === 'int32' ? 1000 : 100) * (dtype === 'uint8' ? Math.abs(x) : x))
  })
  return out
}

/** Writes a group instruction by instruction. */
export class GroupBuilder {
  readonly #space: readonly number[]
  readonly #kind: Group['kind']
  readonly #reduced: readonly number[]
  readonly #buffers: DType[] = []
  readonly #instructions: Instruction[] = []
  readonly #stores: Store[] = []
  readonly data: HostArray[] = []
  #scalars = 0

  constructor(space: readonly number[], kind: Group['kind'] = 'pointwise', reduced: readonly number[] = []) {
    this.#space = space
    this.#kind = kind
    this.#reduced = reduced
  }

  get dense(): Access {
    return { strides: contiguousStrides(this.#space), offset: 0 }
  }

  #push(instruction: Instruction): number {
    return this.#instructions.push(instruction) - 1
  }

  buffer(dtype: DType, data: HostArray): number {
    this.data.push(data)
    return this.#buffers.push(dtype) - 1
  }

  slot(): number {
    return this.#scalars++
  }

  /** Loads from a buffer of its own with sample elements, or from `buffer`. */
  load(dtype: DType, access: Access = this.dense, buffer?: number): number {
    const reach = access.strides.reduce((sum, s, d) => sum + Math.max(0, s * (this.#space[d] - 1)), access.offset)
    const empty = this.#space.includes(0)
    const own = () => this.buffer(dtype, sample(dtype, empty ? 0 : reach + 1, this.data.length + 1))
    return this.#push({ kind: 'load', dtype, buffer: buffer ?? own(), access })
  }

  constant(dtype: DType, value: number): number {
    return this.#push({ kind: 'constant', dtype, value })
  }

  scalar(dtype: DType, slot: number): number {
    return this.#push({ kind: 'scalar', dtype, slot })
  }

  unary(f: UnaryName, x: number, dtype: DType = this.dtype(x)): number {
    return this.#push({ kind: 'unary', dtype, f, x })
  }

  binary(f: BinaryName, a: number, b: number, dtype: DType = this.dtype(a)): number {
    return this.#push({ kind: 'binary', dtype, f, a, b })
  }

  reduce(f: ReduceName, x: number): number {
    return this.#push({ kind: 'reduce', dtype: f.startsWith('arg') ? 'int32' : this.dtype(x), f, x })
  }

  cast(dtype: DType, x: number): number {
    return this.#push({ kind: 'cast', dtype, x })
  }

  push(instruction: Instruction): number {
    return this.#push(instruction)
  }

  dtype(i: number): DType {
    return this.#instructions[i].dtype
  }

  /** Stores a value to a buffer of its own. */
  store(value: number, each: Store['each'] = 'element'): number {
    const kept = this.#space.filter((_, d) => each === 'element' || !this.#reduced.includes(d))
    const dtype = this.dtype(value)
    const buffer = this.buffer(dtype, sample(dtype, sizeOf(kept), 99))
    this.#stores.push({ value, buffer, each })
    return buffer
  }

  build(): Group {
    return {
      kind: this.#kind,
      space: this.#space,
      reduced: this.#reduced,
      buffers: this.#buffers,
      instructions: this.#instructions,
      scalars: this.#scalars,
      stores: this.#stores,
    }
  }
}
