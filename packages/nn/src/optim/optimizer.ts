import {
  hostData,
  indexCopy,
  indexSelect,
  isCompiling,
  Parameter,
  realize,
  SurprisalError,
  stopGradient,
  type Tensor,
  type TensorLike,
  tensor,
  zerosLike,
} from '@surprisal/tensor'
import { describe, requireList } from '../_shared/positional.ts'
import { requireNonNegative, requireWhole } from '../_shared/require.ts'
import { isFiniteNow } from './finite.ts'
import { type Gradient, isRowGradient, requireFitting, valuesOf } from './gradient.ts'

/** Parameters that share settings; what is left out is the optimiser's own. */
export interface ParameterGroup {
  params: readonly Parameter[]
  /** Learning rate. */
  lr?: number
  /** Decay of the weights. */
  weightDecay?: number
}

/** Settings of one step. */
export interface StepOptions {
  /** Learning rate of this step for every group, from a schedule. */
  lr?: number
  /** Read the gradients first and throw when one is not finite. @default false */
  errorIfNonfinite?: boolean
}

/** Learning rate and decay that hold for one parameter at one step. */
export interface StepSettings {
  readonly lr: number
  readonly weightDecay: number
  /** Steps that the parameter has taken, this one included. */
  readonly step: number
}

/** State of one parameter by slot name, as tensors. */
export type Slots = Record<string, Tensor>

/** What a subclass makes of one gradient. */
export interface Update {
  value: Tensor
  slots: Slots
}

/** All that an optimiser has to remember. */
export interface OptimizerState {
  /** Steps taken. */
  step: number
  /** `0.step`, `0.m`, ...: state by position of the parameter. */
  tensors: Record<string, Tensor>
}

/** What a training needs of its optimiser: what {@link Optimizer} has, and what is made of several. */
export interface TrainingOptimizer {
  readonly params: readonly Parameter[]
  readonly groups: readonly Required<ParameterGroup>[]
  step(grads: readonly Gradient[], options?: StepOptions): void
  settle(...also: TensorLike[]): Promise<void>
  stateDict(): OptimizerState
  loadStateDict(state: Readonly<OptimizerState>): void
}

interface ParameterState {
  step: number
  readonly cells: ReadonlyMap<string, Parameter>
}

/**
 * Base class of all optimisers: groups, state and the order of a step. A subclass says how one parameter moves.
 * State is held in cells, so that a loop which reads only its loss runs in constant memory.
 */
export abstract class Optimizer implements TrainingOptimizer {
  readonly groups: readonly Required<ParameterGroup>[]
  #state = new Map<Parameter, ParameterState>()
  #step = 0

  /** @throws {SurprisalError} `argument` for no or repeated parameters, or a negative lr or decay */
  constructor(params: readonly Parameter[] | readonly ParameterGroup[], defaults: { lr: number; weightDecay: number }) {
    requireList(this.name, 'params', params)
    const plain = params.every(param => param instanceof Parameter)
    const groups = plain ? [{ params: params as readonly Parameter[] }] : (params as readonly ParameterGroup[])
    this.groups = groups.map(({ params: members, lr = defaults.lr, weightDecay = defaults.weightDecay }) => ({
      params: members,
      lr,
      weightDecay,
    }))
    for (const { lr, weightDecay } of this.groups) {
      requireNonNegative(this.name, 'lr', lr)
      requireNonNegative(this.name, 'weightDecay', weightDecay)
    }
    this.params.forEach((param, i, all) => {
      if (!(param instanceof Parameter))
        throw new SurprisalError('argument', `${this.name}: params must hold parameters, got ${describe(param)}`)
      if (all.indexOf(param) !== i)
        throw new SurprisalError(
          'argument',
          `${this.name}: params must be distinct, got one at ${all.indexOf(param)} and ${i}`,
        )
    })
    if (this.params.length === 0)
      throw new SurprisalError('argument', `${this.name}: params must hold a parameter, got none`)
  }

  /** The optimiser's name in messages. */
  get name(): string {
    return 'Optimizer'
  }

  /** Whether every element moves by its own gradient, as the step of single rows needs it. */
  protected get elementwise(): boolean {
    return true
  }

  /** Names of the state tensors of a parameter and their values before the first step. */
  protected initialSlots(value: Tensor): Slots {
    return { momentum: zerosLike(value) }
  }

  /** The new value of a parameter and of its state. */
  protected abstract update(value: Tensor, grad: Tensor, slots: Slots, settings: StepSettings): Update

  /** All parameters in the order of the gradients. */
  get params(): Parameter[] {
    return this.groups.flatMap(group => group.params)
  }

  /** All parameters, and the cells of their state so far. */
  get cells(): Parameter[] {
    return [...this.params, ...[...this.#state.values()].flatMap(({ cells }) => [...cells.values()])]
  }

  /** Steps taken. */
  get steps(): number {
    return this.#step
  }

  /**
   * Moves every parameter by its gradient; lazily, the next read computes it. A null gradient leaves its parameter
   * and the decay of it alone. Nothing is moved when it throws.
   * @param grads one per parameter, in the order of `params`
   * @throws {SurprisalError} `argument` when the number of gradients differs, one is not finite (see options), or inside
   * of `compile`; `shape` when a gradient does not fit its parameter; `device` for `errorIfNonfinite` on a device that
   * has to be waited for (`requireFiniteGradients` does that)
   */
  step(grads: readonly Gradient[], { lr, errorIfNonfinite = false }: StepOptions = {}): void {
    if (isCompiling())
      throw new SurprisalError('argument', `${this.name}.step: not inside compile (its step count would be fixed)`)
    const { params } = this
    requireList(this.name, 'grads', grads)
    if (grads.length !== params.length)
      throw new SurprisalError(
        'argument',
        `${this.name}: grads must hold ${params.length} entries, got ${grads.length}`,
      )
    if (lr !== undefined) requireNonNegative(this.name, 'lr', lr)
    grads.forEach((grad, i) => {
      requireFitting(this.name, i, grad, params[i].shape)
      if (grad && isRowGradient(grad) && !this.elementwise)
        throw new SurprisalError('argument', `${this.name}: gradient ${i} must be whole, got rows`)
      if (grad && errorIfNonfinite && !isFiniteNow(this.name, valuesOf(grad)))
        throw new SurprisalError('argument', `${this.name}: gradient ${i} must be finite`)
    })
    this.#step += 1
    let at = 0
    for (const group of this.groups)
      for (const param of group.params) {
        const grad = grads[at++]
        if (grad && param.requiresGrad) this.#move(param, grad, lr ?? group.lr, group.weightDecay)
      }
  }

  #move(param: Parameter, grad: Gradient, lr: number, weightDecay: number): void {
    const state = this.#stateOf(param)
    state.step += 1
    const rows = isRowGradient(grad) ? grad.rows : null
    const read = (cell: Parameter): Tensor => (rows ? indexSelect(cell, 0, rows) : stopGradient(cell))
    const write = (cell: Parameter, value: Tensor): void => cell.assign(rows ? indexCopy(cell, 0, rows, value) : value)
    const slots = Object.fromEntries([...state.cells].map(([name, cell]) => [name, read(cell)]))
    const values = valuesOf(grad as NonNullable<Gradient>)
    const next = this.update(read(param), values, slots, { lr, weightDecay, step: state.step })
    write(param, next.value)
    for (const [name, cell] of state.cells) write(cell, next.slots[name])
  }

  /**
   * Computes what the steps so far have left lazy, parameters and state, in one plan.
   * @param also further tensors of that plan, such as the loss, which then shares its forward pass
   */
  async settle(...also: TensorLike[]): Promise<void> {
    await realize(...also, ...this.cells)
  }

  /** State of a parameter, made at first use. */
  #stateOf(param: Parameter): ParameterState {
    const known = this.#state.get(param)
    if (known) return known
    const made = this.#freshState(param)
    this.#state.set(param, made)
    return made
  }

  #freshState(param: Parameter): ParameterState {
    const slots = Object.entries(this.initialSlots(param.value))
    return {
      step: 0,
      cells: new Map(slots.map(([name, value]) => [name, new Parameter(value, { requiresGrad: false })])),
    }
  }

  /** State of all parameters that have moved, and the number of steps. */
  stateDict(): OptimizerState {
    const tensors: Record<string, Tensor> = {}
    this.params.forEach((param, i) => {
      const state = this.#state.get(param)
      if (!state) return
      tensors[`${i}.step`] = tensor(state.step, { dtype: 'int32', device: 'cpu' })
      for (const [name, cell] of state.cells) tensors[`${i}.${name}`] = cell.value
    })
    return { step: this.#step, tensors }
  }

  /**
   * Replaces all state; what the dict does not hold starts anew. Nothing is changed when it throws.
   * @throws {SurprisalError} `argument` for a key that names no state of this optimiser, `shape` or `dtype` for a
   * tensor that does not fit
   */
  loadStateDict({ step, tensors }: Readonly<OptimizerState>): void {
    requireWhole(this.name, 'step', step)
    const { params } = this
    const state = new Map<Parameter, ParameterState>()
    for (const [key, value] of Object.entries(tensors)) {
      const [, position, name] = /^(0|[1-9]\d*)\.(\w+)$/.exec(key) ?? []
      const param = params[Number(position)]
      const entry = param && (state.get(param) ?? this.#freshState(param))
      const cell = entry?.cells.get(name)
      if (!entry || (!cell && name !== 'step'))
        throw new SurprisalError('argument', `${this.name}: state must belong to a parameter, got key ${key}`)
      if (cell) cell.assign(value)
      else entry.step = this.#countIn(key, value)
      state.set(param, entry)
    }
    this.#state = state
    this.#step = step
  }

  #countIn(key: string, value: Tensor): number {
    const [count] = hostData(value) ?? []
    if (count !== undefined) return count
    throw new SurprisalError(
      'device',
      `${this.name}: state ${key} must be made from data, got a result of ${value.device}`,
    )
  }
}
