import type { Device } from './device.ts'
import { SurprisalError } from './error.ts'
import { Parameter } from './parameter.ts'
import { cast } from './primitive.ts'
import { sameShape, shapeText, sizeOf } from './shape.ts'
import { nodeOf, Tensor } from './tensor.ts'

/** A cell that belongs to a module's state and is not trained. */
export class Buffer extends Parameter {
  /** Whether it is part of the state dict. */
  readonly persistent: boolean

  /** @param value initial value */
  constructor(value: Tensor, { persistent = true }: { persistent?: boolean } = {}) {
    super(value, { requiresGrad: false })
    this.persistent = persistent
  }
}

/** What {@link Module.loadStateDict} could not match. */
export interface LoadReport {
  missingKeys: string[]
  unexpectedKeys: string[]
}

/** A name that begins with a capital stays as it is: some state dicts have such names. */
const snakeCase = (name: string): string =>
  /^[A-Z]/.test(name) ? name : name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

const isCollection = (value: unknown): value is Record<string, unknown> =>
  Array.isArray(value) ||
  (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)

/** Modules in a field, with their paths; lists and records, of lists and records too, are spread out. */
function modulesIn(path: string, value: unknown, above: readonly unknown[] = []): [string, Module][] {
  if (value instanceof Module) return [[path, value]]
  if (!isCollection(value) || above.includes(value)) return []
  return Object.entries(value).flatMap(([key, entry]) =>
    modulesIn(`${path}.${snakeCase(key)}`, entry, [...above, value]),
  )
}

/**
 * Base class of everything with parameters. Fields that hold a {@link Parameter}, a {@link Buffer}, a module or
 * (nested) lists and plain records of modules are found in the order in which they were set; their paths, in snake
 * case and joined by dots, are the keys of the state dict. A module that leads back to itself is entered once.
 */
export abstract class Module {
  /** True while training; layers such as dropout read it. */
  training = true

  abstract forward(...args: never[]): unknown

  /** `forward` by another name. */
  call(...args: Parameters<this['forward']>): ReturnType<this['forward']> {
    return this.forward(...(args as never[])) as ReturnType<this['forward']>
  }

  /** Own modules by field name. */
  #children(): [string, Module][] {
    return Object.entries(this).flatMap(([field, value]) => modulesIn(snakeCase(field), value))
  }

  children(): Module[] {
    return this.#children().map(([, child]) => child)
  }

  /** This module and all below it, each once, with their paths. */
  namedModules(prefix = ''): [string, Module][] {
    const seen = new Set<Module>()
    const list: [string, Module][] = []
    const visit = (path: string, module: Module): void => {
      if (seen.has(module)) return
      seen.add(module)
      list.push([path, module])
      for (const [name, child] of module.#children()) visit(path ? `${path}.${name}` : name, child)
    }
    visit(prefix, this)
    return list
  }

  /** Every path to a cell, tied ones under each of their paths. */
  #cells(): [string, Parameter][] {
    const list: [string, Parameter][] = []
    const visit = (path: string, module: Module, above: readonly Module[]): void => {
      const at = (name: string) => (path ? `${path}.${name}` : name)
      for (const [field, value] of Object.entries(module))
        if (value instanceof Parameter) list.push([at(snakeCase(field)), value])
      const below = [...above, module]
      for (const [name, child] of module.#children()) if (!below.includes(child)) visit(at(name), child, below)
    }
    visit('', this, [])
    return list
  }

  /** Trained cells, each once under its first path. */
  namedParameters(prefix = ''): [string, Parameter][] {
    const seen = new Set<Parameter>()
    return this.#cells()
      .filter(([, cell]) => !(cell instanceof Buffer) && !seen.has(cell) && seen.add(cell))
      .map(([path, cell]) => [prefix ? `${prefix}.${path}` : path, cell])
  }

  parameters(): Parameter[] {
    return this.namedParameters().map(([, cell]) => cell)
  }

  /** Cells that are not trained, with their paths. */
  namedBuffers(): [string, Buffer][] {
    return this.#cells().filter((entry): entry is [string, Buffer] => entry[1] instanceof Buffer)
  }

  /** Number of elements of all parameters. */
  numParameters({ trainableOnly = false }: { trainableOnly?: boolean } = {}): number {
    return this.parameters()
      .filter(cell => !trainableOnly || cell.requiresGrad)
      .reduce((sum, cell) => sum + sizeOf(cell.shape), 0)
  }

  /** Calls `fn` on this module and all below it. */
  apply(fn: (module: Module) => void): this {
    for (const [, module] of this.namedModules()) fn(module)
    return this
  }

  train(on = true): this {
    return this.apply(module => {
      module.training = on
    })
  }

  eval(): this {
    return this.train(false)
  }

  /** Freezes or frees all parameters. */
  requiresGrad_(on = true): this {
    for (const cell of this.parameters()) cell.requiresGrad = on
    return this
  }

  /**
   * Moves all parameters and buffers to a device.
   * @throws {SurprisalError} `device` for one that has not been set up
   */
  to(device: Device): this {
    for (const cell of new Set(this.#cells().map(([, each]) => each))) cell.assign(cell.value.to(device))
    return this
  }

  /** All parameters and persistent buffers by path, in Hugging Face's naming. */
  stateDict(): Record<string, Tensor> {
    const entries = this.#cells().filter(([, cell]) => !(cell instanceof Buffer) || cell.persistent)
    return Object.fromEntries(entries.map(([path, cell]) => [path, cell.value]))
  }

  /**
   * Replaces all values, cast to the dtype of each cell. Nothing is changed when it throws.
   * @param strict every key must have its counterpart @default true
   * @throws {SurprisalError} `argument` listing missing and unexpected keys, `shape` naming key and both shapes
   */
  loadStateDict(state: Readonly<Record<string, Tensor>>, { strict = true }: { strict?: boolean } = {}): LoadReport {
    const cells = new Map(this.#cells().filter(([, cell]) => !(cell instanceof Buffer) || cell.persistent))
    const given = new Set(Object.keys(state))
    const reached = new Set([...cells].filter(([path]) => given.has(path)).map(([, cell]) => cell))
    const missingKeys = [...cells]
      .filter(([path, cell]) => !given.has(path) && !reached.has(cell))
      .map(([path]) => path)
    const unexpectedKeys = [...given].filter(path => !cells.has(path))
    if (strict && missingKeys.length + unexpectedKeys.length > 0)
      throw new SurprisalError(
        'argument',
        `loadStateDict: keys must match, missing: ${missingKeys.join(', ') || 'none'}; unexpected: ${unexpectedKeys.join(', ') || 'none'}`,
      )
    const matched = [...cells].filter(([path]) => given.has(path))
    for (const [path, cell] of matched) {
      if (!(state[path] instanceof Tensor))
        throw new SurprisalError('argument', `loadStateDict: ${path} must be a tensor, got ${typeof state[path]}`)
      nodeOf(state[path], `loadStateDict: ${path}`)
      if (!sameShape(cell.shape, state[path].shape))
        throw new SurprisalError(
          'shape',
          `loadStateDict: ${path} must have shape ${shapeText(cell.shape)}, got ${shapeText(state[path].shape)}`,
        )
    }
    for (const [path, cell] of matched) cell.assign(cast('loadStateDict', state[path], cell.dtype))
    return { missingKeys, unexpectedKeys }
  }
}
