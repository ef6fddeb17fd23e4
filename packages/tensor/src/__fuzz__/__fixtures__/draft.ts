import { type DType, dtypes, isFloat } from '../../dtype.ts'
import { type Shape, sizeOf } from '../../shape.ts'
import type { Tensor } from '../../tensor.ts'
import type { Draw } from './draw.ts'
import { build, type Item, type Reference } from './program.ts'
import { broadcast, fits, narrower, relative } from './shapes.ts'
import { drawValues } from './values.ts'

/** The value with a number, as an argument. */
export const ref = (value: number): Reference => ({ ref: value })

/** How one or several of the functions are called. */
export interface Maker {
  readonly weight: number
  /** Adds a call, with the values that it needs where there are none that fit. */
  make(draft: Draft): void
}

export const numeric: readonly DType[] = ['float32', 'float16', 'int32', 'uint8', 'int8']
export const integers: readonly DType[] = ['int32', 'uint8', 'int8']
export const floats: readonly DType[] = ['float32', 'float16']

/** Values above this are tamed before they go through an op, so that long graphs do not end in infinities. */
const largest = 1e4

/** A program that grows; its tensors are built at once, as shapes and dtypes decide what may follow. */
export class Draft {
  readonly draw: Draw
  readonly rounds: number
  readonly base: Shape
  readonly items: Item[] = []
  readonly tensors: Tensor[] = []
  /** Roughly how large the elements may be, by value. */
  readonly #bounds: number[] = []

  constructor(draw: Draw, base: Shape, rounds: number) {
    this.draw = draw
    this.base = base
    this.rounds = rounds
  }

  shape(value: number): Shape {
    return this.tensors[value].shape
  }

  dtype(value: number): DType {
    return this.tensors[value].dtype
  }

  bound(value: number): number {
    return this.#bounds[value]
  }

  /** Other values in every round. */
  each<T>(next: () => T): { each: T[] } {
    return { each: Array.from({ length: this.rounds }, next) }
  }

  leaf(shape: Shape, dtype: DType = this.anyDtype()): number {
    return this.data(shape, dtype, () => drawValues(this.draw, dtype, sizeOf(shape)))
  }

  /** A leaf of the values given. */
  data(shape: Shape, dtype: DType, values: () => number[]): number {
    return this.#add({ kind: 'leaf', shape, dtype, values: this.each(values).each }, isFloat(dtype) ? 8 : 100)
  }

  /** A leaf of indices below `size`. */
  indices(shape: Shape, size: number): number {
    const dtype = size <= 256 && this.draw.chance(0.2) ? 'uint8' : 'int32'
    return this.data(shape, dtype, () => Array.from({ length: sizeOf(shape) }, () => this.draw.int(0, size - 1)))
  }

  /** Adds a call; `bound` says how large the elements of its result may be. */
  call(
    name: string,
    args: readonly unknown[],
    { pick = null, bound }: { pick?: number | string | null; bound?: number } = {},
  ): number {
    const item: Item = { kind: 'call', name, args, pick }
    return this.#add(item, bound ?? this.#boundOf(args))
  }

  anyDtype(): DType {
    return this.draw.chance(0.6) ? 'float32' : this.draw.pick(dtypes)
  }

  /** A value that is there, preferably a late one, or else a leaf: of one of the dtypes, with a shape that passes. */
  value(allowed: readonly DType[] = dtypes, passes: (shape: Shape) => boolean = () => true): number {
    const found = this.#find(value => allowed.includes(this.dtype(value)) && passes(this.shape(value)))
    if (found !== null) return this.#tamed(found)
    for (let attempt = 0; attempt < 8; attempt++) {
      const shape = relative(this.draw, this.base)
      if (passes(shape)) return this.leaf(shape, this.#dtypeAmong(allowed))
    }
    const fallback = [[3, 4], [3], [], [2, 3, 4], [1, 2, 3, 4]].find(passes)
    if (!fallback) throw new Error('no shape passes')
    return this.leaf(fallback, this.#dtypeAmong(allowed))
  }

  /** A value of rank 1 at least. */
  ranked(allowed: readonly DType[] = dtypes, rank = 1): number {
    return this.value(allowed, shape => shape.length >= rank)
  }

  /** A value of exactly that shape. */
  exactly(shape: Shape, allowed: readonly DType[] = dtypes): number {
    const same = (value: number) =>
      allowed.includes(this.dtype(value)) && this.shape(value).join() === shape.join() && this.bound(value) <= largest
    return this.#find(same) ?? this.leaf(shape, this.#dtypeAmong(allowed))
  }

  /** A value that broadcasts with another one to something small. */
  partner(value: number, allowed: readonly DType[] = dtypes): number {
    const shape = this.shape(value)
    const meets = (other: number): boolean => {
      const met = broadcast(shape, this.shape(other))
      return met !== null && fits(met) && allowed.includes(this.dtype(other))
    }
    const found = this.draw.chance(0.75) ? this.#find(meets) : null
    return found === null ? this.leaf(narrower(this.draw, shape), this.#dtypeAmong(allowed)) : this.#tamed(found)
  }

  /** A dim of a value, counted from either end; `passes` sees its size. */
  dim(value: number): number {
    const rank = this.shape(value).length
    const d = this.draw.int(0, rank - 1)
    return this.draw.chance(0.3) ? d - rank : d
  }

  #dtypeAmong(allowed: readonly DType[]): DType {
    return allowed.includes('float32') && this.draw.chance(0.5) ? 'float32' : this.draw.pick(allowed)
  }

  #find(passes: (value: number) => boolean): number | null {
    const found = [...this.items.keys()].filter(passes)
    if (found.length === 0) return null
    return found[this.draw.chance(0.6) ? this.draw.int(0, found.length - 1) : found.length - 1]
  }

  #tamed(value: number): number {
    if (this.bound(value) <= largest || !isFloat(this.dtype(value)) || this.draw.chance(0.05)) return value
    return this.call('clamp', [ref(value), { min: -4, max: 4 }], { bound: 4 })
  }

  #boundOf(args: readonly unknown[]): number {
    let bound = 4
    JSON.stringify(args, (_, part) => {
      if (typeof part === 'number') bound = Math.max(bound, Math.abs(part))
      if (typeof part === 'object' && part !== null && 'ref' in part) {
        bound = Math.max(bound, this.bound(part.ref))
        return undefined
      }
      return part
    })
    return bound
  }

  #add(item: Item, bound: number): number {
    this.tensors.push(build(item, this.tensors, 0))
    this.items.push(item)
    this.#bounds.push(bound)
    return this.items.length - 1
  }
}
