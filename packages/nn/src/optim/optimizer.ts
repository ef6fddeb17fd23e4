import { indexCopy, Parameter, realize, SurprisalError, type Tensor, zerosLike } from '@surprisal/tensor'

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
}

/**
 * Gradient of the rows of a matrix that a batch has touched. The state of the other rows stands still, so that the
 * step of an embedding costs as much as the batch and not as the vocabulary.
 */
export interface RowGradient {
  /** int32 [n], each row once. */
  readonly rows: Tensor
  /** [n, ...], one gradient per row. */
  readonly values: Tensor
}

/** Learning rate and decay that hold for one parameter at one step. */
export interface StepSettings {
  readonly lr: number
  readonly weightDecay: number
  /** Steps taken, this one included. */
  readonly step: number
}

/** State of one parameter by slot name, as tensors of any shape. */
export type Slots = Record<string, Tensor>

/**
 * Base class of all optimisers: groups, state and the order of a step. A subclass says how one parameter moves.
 * State is held in cells, so that a loop which reads only its loss runs in constant memory.
 */
export abstract class Optimizer {
  readonly groups: readonly Required<ParameterGroup>[]
  readonly #state = new Map<Parameter, Map<string, Parameter>>()
  #step = 0

  constructor(params: readonly Parameter[] | readonly ParameterGroup[], defaults: { lr: number; weightDecay: number }) {
    const groups = params.length > 0 && params[0] instanceof Parameter ? [{ params: params as readonly Parameter[] }] : params
    this.groups = (groups as readonly ParameterGroup[]).map(group => ({ ...defaults, ...group }))
    for (const { lr, weightDecay } of this.groups) {
      requireNonNegative(this.name, 'lr', lr)
      requireNonNegative(this.name, 'weightDecay', weightDecay)
    }
  }

  /** The optimiser's name in messages. */
  get name(): string {
    return 'Optimizer'
  }

  /** Names of the state tensors of a parameter and their values before the first step. */
  protected initialSlots(value: Tensor): Slots {
    return { momentum: zerosLike(value) }
  }

  /** The new value of a parameter and of its state. */
  protected abstract update(value: Tensor, grad: Tensor, slots: Slots, settings: StepSettings): { value: Tensor; slots: Slots }

  /** All parameters in the order of the gradients. */
  get params(): Parameter[] {
    return this.groups.flatMap(group => group.params)
  }

  /** Steps taken. */
  get steps(): number {
    return this.#step
  }

  /**
   * Moves every parameter by its gradient; lazily, the next read computes it. A null gradient leaves its parameter
   * and the decay of it alone.
   * @param grads one per parameter, in the order of `params`
   * @throws {SurprisalError} `argument` when the number of gradients differs
   */
  step(grads: readonly (Tensor | RowGradient | null)[], options: StepOptions = {}): void {
    const { params } = this
    if (grads.length !== params.length)
      throw new SurprisalError('argument', `${this.name}: grads must hold ${params.length} entries, got ${grads.length}`)
    if (options.lr !== undefined) requireNonNegative(this.name, 'lr', options.lr)
    this.#step += 1
    let at = 0
    for (const group of this.groups)
      for (const param of group.params) {
        const grad = grads[at++]
        if (!grad || !param.requiresGrad) continue
        const settings = { lr: options.lr ?? group.lr, weightDecay: group.weightDecay, step: this.#step }
        if ('rows' in grad) this.#moveRows(param, grad, settings)
        else this.#move(param, grad, settings)
      }
  }

  #move(param: Parameter, grad: Tensor, settings: StepSettings): void {
    const cells = this.#cellsOf(param)
    const slots = Object.fromEntries([...cells].map(([name, cell]) => [name, cell.value]))
    const next = this.update(param.value, grad, slots, settings)
    param.assign(next.value)
    for (const [name, value] of Object.entries(next.slots)) cells.get(name)?.assign(value)
  }

  #moveRows(param: Parameter, { rows, values }: RowGradient, settings: StepSettings): void {
    const cells = this.#cellsOf(param)
    const slots = Object.fromEntries([...cells].map(([name, cell]) => [name, cell.value.indexSelect(0, rows)]))
    const next = this.update(param.value.indexSelect(0, rows), values, slots, settings)
    param.assign(indexCopy(param.value, 0, rows, next.value))
    for (const [name, value] of Object.entries(next.slots)) {
      const cell = cells.get(name)
      cell?.assign(indexCopy(cell.value, 0, rows, value))
    }
  }

  /**
   * Computes what the steps so far have left lazy, parameters and state, in one plan.
   * @param also further tensors of that plan, such as the loss, which then shares its forward pass
   */
  async settle(...also: Tensor[]): Promise<void> {
    await realize(...also, ...this.params, ...[...this.#state.values()].flatMap(cells => [...cells.values()]))
  }

  /** State cells of a parameter, made at first use. */
  #cellsOf(param: Parameter): Map<string, Parameter> {
    let cells = this.#state.get(param)
    if (!cells) {
      const slots = Object.entries(this.initialSlots(param.value))
      cells = new Map(slots.map(([name, value]) => [name, new Parameter(value, { requiresGrad: false })]))
      this.#state.set(param, cells)
    }
    return cells
  }

  /** State by position of the parameter: `0.m`, `0.v`, ... and the number of steps. */
  stateDict(): { step: number; tensors: Record<string, Tensor> } {
    const tensors: Record<string, Tensor> = {}
    this.params.forEach((param, i) => {
      for (const [name, cell] of this.#state.get(param) ?? []) tensors[`${i}.${name}`] = cell.value
    })
    return { step: this.#step, tensors }
  }

  /** @throws {SurprisalError} `argument` for a key that names no state of this optimiser */
  loadStateDict({ step, tensors }: { step: number; tensors: Readonly<Record<string, Tensor>> }): void {
    const found = Object.entries(tensors).map(([key, value]) => {
      const [position, name] = key.split('.')
      const param = this.params[Number(position)]
      const cell = param && this.#cellsOf(param).get(name)
      if (!cell) throw new SurprisalError('argument', `${this.name}: state must belong to a parameter, got key ${key}`)
      return [cell, value] as const
    })
    for (const [cell, value] of found) cell.assign(value)
    this.#step = step
  }
}

export function requireNonNegative(where: string, name: string, value: number): void {
  if (!(value >= 0) || !Number.isFinite(value))
    throw new SurprisalError('argument', `${where}: ${name} must be at least 0, got ${value}`)
}

/** @throws {SurprisalError} `argument` unless every beta is in [0, 1) */
export function requireBetas(where: string, betas: readonly number[]): void {
  for (const beta of betas)
    if (!(beta >= 0 && beta < 1))
      throw new SurprisalError('argument', `${where}: betas must be in [0, 1), got ${betas.join(', ')}`)
}
