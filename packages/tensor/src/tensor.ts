import { checkDevice, type Device, defaultDevice, deviceAt, otherDevices, placeOf } from './device.ts'
import type { DType, HostArray } from './dtype.ts'
import { SurprisalError } from './error.ts'
import { evaluate, readElements } from './evaluate.ts'
import { dropHandle } from './graph/lifetime.ts'
import { createNode, type Node } from './graph/node.ts'
import { createStorage, elementsOf, type Storage } from './graph/storage.ts'
import { transfer } from './graph/transfer.ts'
import type { TensorMethods } from './methods.ts'
import type { Parameter } from './parameter.ts'
import { trackInScope } from './scope.ts'
import { type Shape, shapeText, sizeOf } from './shape.ts'

export type { Device } from './device.ts'

/** A tensor or a cell that holds one: what ops take. */
export type TensorLike = Tensor | Parameter

/** What a binary op takes; JavaScript numbers and booleans adapt to the other side's dtype. */
export type Operand = TensorLike | number | boolean

/** Whose a handle is: made by an op, held by a cell, or lent to a gradient rule. */
type Owner = 'op' | 'cell' | 'rule'

let access: (tensor: Tensor, op: string) => Node
let construct: (node: Node, owner: Owner) => Tensor
let isGone: (tensor: Tensor) => boolean
let loosen: (tensor: Tensor) => void

/**
 * An immutable handle on a value of the lazy graph. Shape and dtype are known at once; the numbers are
 * computed when `data()`, `item()` or `realize(...)` asks for them, and computed once.
 */
export class Tensor {
  readonly shape: Shape
  readonly dtype: DType
  /** Null after dispose, so that a handle which lives on keeps no values alive. */
  #node: Node | null
  /** The op that made it, for messages. */
  readonly #op: string
  #owner: Owner

  private constructor(node: Node, owner: Owner) {
    this.#node = node
    this.#op = node.op
    this.#owner = owner
    this.shape = node.shape
    this.dtype = node.dtype
    if (owner !== 'rule') node.handles += 1
    if (owner === 'op') trackInScope(this)
  }

  /** Where it is computed; for what has no device of its own (numbers, ranges, random draws) the default one. */
  get device(): Device {
    return deviceAt(this.#node?.place ?? 0) ?? defaultDevice()
  }

  /** Number of dims. */
  get ndim(): number {
    return this.shape.length
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape)
  }

  /**
   * The elements in row-major order, as a copy the caller owns: Float32Array (float32, float16), Int32Array,
   * Uint8Array (uint8, bool as 0 and 1) or Int8Array.
   */
  async data(): Promise<HostArray> {
    return readElements(access(this, 'data'), 'data')
  }

  /** As {@link Tensor.data}, at once. CPU only. */
  dataSync(): HostArray {
    const node = access(this, 'data')
    evaluate([node], 'data')
    return elementsOf(node.storage as Storage).slice()
  }

  /**
   * The one element as a number, or a boolean of a bool tensor.
   * @throws {SurprisalError} `shape` when there is not exactly one element
   */
  async item(): Promise<number | boolean> {
    const node = this.#single()
    return this.#valueOf(await readElements(node, 'item'))
  }

  /** As {@link Tensor.item}, at once. CPU only. */
  itemSync(): number | boolean {
    const node = this.#single()
    evaluate([node], 'item')
    return this.#valueOf(elementsOf(node.storage as Storage))
  }

  #single(): Node {
    const node = access(this, 'item')
    if (this.size !== 1)
      throw new SurprisalError('shape', `item: tensor must have one element, got shape ${shapeText(this.shape)}`)
    return node
  }

  #valueOf([value]: HostArray): number | boolean {
    return this.dtype === 'bool' ? value !== 0 : value
  }

  /**
   * The same values on a device; they are copied when they are read there. Gradients come back.
   * @throws {SurprisalError} `device` for one that has not been set up
   */
  to(device: Device): Tensor {
    const node = access(this, 'to')
    checkDevice('to', device)
    return construct(node.place === placeOf(device) || !otherDevices() ? node : transfer(node, device), 'op')
  }

  /** Frees the computed values now. Idempotent; graphs built on the tensor before stay valid, using it again throws. */
  dispose(): void {
    const node = this.#node
    if (!node) return
    this.#node = null
    if (this.#owner !== 'rule') dropHandle(node)
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  toString(): string {
    return `Tensor(${this.dtype} ${shapeText(this.shape)})`
  }

  static {
    access = (tensor, op) => {
      if (tensor.#node) return tensor.#node
      const made = `${tensor.#op} ${shapeText(tensor.shape)}`
      throw new SurprisalError('disposed', `${op}: tensor used after dispose (created by ${made})`)
    }
    isGone = tensor => tensor.#node === null
    loosen = tensor => {
      if (!tensor.#node || tensor.#owner === 'rule') return
      tensor.#owner = 'rule'
      tensor.#node.handles -= 1
    }
    construct = (node, owner) => new Tensor(node, owner)
  }
}

export interface Tensor extends TensorMethods {}

/** The graph node behind a tensor; `op` names the caller in the message for a disposed one. */
export const nodeOf = (tensor: Tensor, op: string): Node => access(tensor, op)

/** Whether a tensor has been disposed of. */
export const isDisposed = (tensor: Tensor): boolean => isGone(tensor)

/** A handle on a new graph node. */
export const fromNode = (node: Node): Tensor => construct(node, 'op')

/** A handle that no scope frees, for a cell. */
export const heldNode = (node: Node): Tensor => construct(node, 'cell')

/** A handle on a node that others hold as well, for a gradient rule: it keeps no values alive. */
export const lentNode = (node: Node): Tensor => construct(node, 'rule')

/** Makes a handle that nobody outside has seen keep no values alive from now on, as one of {@link lentNode}. */
export const lend = (tensor: Tensor): void => loosen(tensor)

/** A leaf that holds `data`, which the caller gives away; one number adapts to what it meets. */
export function leaf(op: string, data: HostArray, dtype: DType, shape: Shape, device?: Device): Tensor {
  const node = createNode(op, { kind: 'leaf' }, dtype, shape, [])
  node.storage = createStorage(dtype, data.length, data)
  node.place = device || shape.length > 0 ? placeOf(device ?? defaultDevice()) : 0
  return construct(node, 'op')
}

/** Whether a value is a tensor. */
export const isTensor = (x: unknown): x is Tensor => x instanceof Tensor
