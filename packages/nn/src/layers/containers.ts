import { flatten, Module, SurprisalError, type Tensor, type TensorLike } from '@surprisal/tensor'
import { tensorOf } from '../_shared/positional.ts'

/** A module of one tensor. */
export interface TensorModule extends Module {
  forward(x: TensorLike): Tensor
}

/** Modules one behind the other; in the state dict they are called by their numbers. */
export class Sequential extends Module {
  readonly length: number
  readonly [place: number]: TensorModule

  constructor(...modules: readonly TensorModule[]) {
    super()
    this.length = modules.length
    // Numbers are the names of the fields, as they are in PyTorch's state dict.
    Object.assign(this, { ...modules })
  }

  override forward(x: TensorLike): Tensor {
    let y = tensorOf(x)
    for (let i = 0; i < this.length; i++) y = this[i].forward(y)
    return y
  }
}

/** Gives what it is given. */
export class Identity extends Module {
  override forward(x: TensorLike): Tensor {
    return tensorOf(x)
  }
}

/** Joins dims; by default all but the batch. */
export class Flatten extends Module {
  readonly #dims: readonly [number, number]

  constructor(startDim = 1, endDim = -1) {
    super()
    this.#dims = [startDim, endDim]
  }

  override forward(x: TensorLike): Tensor {
    const [startDim, endDim] = this.#dims
    return flatten(x, { startDim, endDim })
  }
}

/** Modules in a row, named by their numbers, which the module that holds them calls. */
export class ModuleList<M extends Module = Module> extends Module implements Iterable<M> {
  #length = 0
  readonly [place: number]: M

  constructor(modules: Iterable<M> = []) {
    super()
    for (const module of modules) this.append(module)
  }

  get length(): number {
    return this.#length
  }

  /** Adds a module at the end. */
  append(module: M): this {
    Object.assign(this, { [this.#length]: module })
    this.#length += 1
    return this
  }

  *[Symbol.iterator](): Iterator<M> {
    for (let i = 0; i < this.#length; i++) yield this[i]
  }

  /** @throws {SurprisalError} `argument` always: a list has no order of calls */
  override forward(): never {
    throw new SurprisalError('argument', 'ModuleList.forward: modules of a list must be called one by one')
  }
}

/** Modules by name, which the module that holds them calls; names in the state dict are in snake case. */
export class ModuleDict<M extends Module = Module> extends Module {
  readonly #names: string[] = []

  constructor(modules: Readonly<Record<string, M>> = {}) {
    super()
    for (const [name, module] of Object.entries(modules)) this.set(name, module)
  }

  /** @throws {SurprisalError} `argument` for a name with a dot, or one that every module has */
  set(name: string, module: M): this {
    if (name === '' || name.includes('.') || (name in this && !this.has(name)))
      throw new SurprisalError('argument', `ModuleDict: name must be new and without dots, got ${JSON.stringify(name)}`)
    if (!this.has(name)) this.#names.push(name)
    Object.assign(this, { [name]: module })
    return this
  }

  has(name: string): boolean {
    return this.#names.includes(name)
  }

  /** @throws {SurprisalError} `argument` for a name that there is not */
  get(name: string): M {
    if (!this.has(name))
      throw new SurprisalError(
        'argument',
        `ModuleDict: name must be one of ${this.#names.join(', ')}, got ${JSON.stringify(name)}`,
      )
    return (this as unknown as Record<string, M>)[name]
  }

  keys(): readonly string[] {
    return [...this.#names]
  }

  /** @throws {SurprisalError} `argument` always: a record has no order of calls */
  override forward(): never {
    throw new SurprisalError('argument', 'ModuleDict.forward: modules of a record must be called one by one')
  }
}
