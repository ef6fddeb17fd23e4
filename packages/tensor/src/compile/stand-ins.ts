import { type DType, isFloat, roundToHalf } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { createNode } from '../graph/node.ts'
import { checkFits } from '../operand.ts'
import { keyOf, type RandomKey } from '../ops/keys.ts'
import { fromNode, type Tensor } from '../tensor.ts'
import { threefry2x32 } from '../threefry.ts'

/** A number that no plan takes for part of its code: the numbers of a call are filled in before it runs. */
const anyNumber = 3

const refuse = (): never => {
  throw new SurprisalError(
    'argument',
    'compile: a number argument is a tensor inside of the function; compute with ops, or name its place in `static`',
  )
}

/** Numbers and random keys among the arguments of a traced function, and all that is made of them at each call. */
export class StandIns {
  /** The numbers of the present call. */
  readonly numbers: number[]
  readonly tensors: readonly Tensor[]
  readonly #places = new Map<unknown, number>()
  readonly #keys = new WeakSet<RandomKey>()
  readonly #refresh: (() => void)[] = []

  /** @param numbers those of the first call, of which only being whole or not matters later */
  constructor(numbers: readonly number[]) {
    this.numbers = [...numbers]
    this.tensors = numbers.map((_, place) => {
      const standIn = this.#constant('compile', place, 'float32')
      Object.defineProperty(standIn, Symbol.toPrimitive, { value: refuse })
      this.#places.set(standIn, place)
      return standIn
    })
  }

  /** Fills in the numbers of a call. */
  set(numbers: readonly number[]): void {
    for (let i = 0; i < numbers.length; i++) this.numbers[i] = numbers[i]
    for (const refresh of this.#refresh) refresh()
  }

  placeOf(x: unknown): number | undefined {
    return this.#places.get(x)
  }

  constantOf(op: string, standIn: Tensor, dtype: DType, like?: Tensor): Tensor {
    return this.#constant(op, this.#places.get(standIn) as number, dtype, like)
  }

  #constant(op: string, place: number, dtype: DType, like?: Tensor): Tensor {
    const primitive = { kind: 'constant' as const, value: anyNumber }
    this.#refresh.push(() => {
      const value = this.numbers[place]
      if (!isFloat(dtype)) checkFits(op, value, dtype)
      primitive.value = dtype === 'float16' ? roundToHalf(value) : value
    })
    return fromNode(createNode(op, primitive, dtype, like?.shape ?? [], []))
  }

  keyOf(op: string, key: unknown): RandomKey | null {
    if (this.#keys.has(key as RandomKey)) return key as RandomKey
    const places = (Array.isArray(key) ? key : [key]).map(part => this.#places.get(part))
    if (places.length > 2 || !places.every(place => place !== undefined)) return null
    const values = () => places.map(place => this.numbers[place as number])
    return this.#key(() => keyOf(op, places.length === 2 ? (values() as [number, number]) : values()[0]))
  }

  childOf(parent: RandomKey, i: unknown): RandomKey | null {
    const place = this.#places.get(i)
    if (!this.#keys.has(parent) && place === undefined) return null
    return this.#key(() => threefry2x32(parent, [0, place === undefined ? (i as number) : this.numbers[place]]))
  }

  /** A key that is computed again at each call. */
  #key(compute: () => RandomKey): RandomKey {
    const key: [number, number] = [...compute()]
    this.#refresh.push(() => {
      const [high, low] = compute()
      key[0] = high
      key[1] = low
    })
    this.#keys.add(key)
    return key
  }
}
