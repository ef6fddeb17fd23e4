import { type Parameter, realize, SurprisalError, type TensorLike } from '@surprisal/tensor'
import { describe, requireList } from '../_shared/positional.ts'
import { type AdamOptions, AdamW } from './adam.ts'
import { isFiniteNow } from './finite.ts'
import { type Gradient, requireFitting, valuesOf } from './gradient.ts'
import { Muon, type MuonOptions } from './muon.ts'
import type { Optimizer, OptimizerState, ParameterGroup, StepOptions, TrainingOptimizer } from './optimizer.ts'

/** Options of {@link MuonWithAdamW}. */
export interface MuonWithAdamWOptions {
  /** Of the hidden matrices. */
  muon?: MuonOptions
  /** Of everything else. */
  adamw?: AdamOptions
  /** Names of matrices that Muon leaves alone. @default names with embed, wte, wpe, head or classifier in them */
  exclude?: RegExp
}

type Part = 'muon' | 'adamw'

/**
 * Muon for hidden matrices, AdamW for the rest: vectors, scalars, and the matrices of embeddings and heads, whose rows
 * belong to single tokens or classes. Both are held as one optimiser.
 * @see Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024
 */
export class MuonWithAdamW implements TrainingOptimizer {
  /** In the order of the names. */
  readonly params: readonly Parameter[]
  readonly #optimizers: Readonly<Partial<Record<Part, Optimizer>>>
  readonly #partOf: readonly Part[]
  /** Learning rate of Muon over that of AdamW. */
  readonly #ratio: number
  #step = 0

  /**
   * @param named as `model.namedParameters()` gives them
   * @throws {SurprisalError} `argument` for what is no list of names with parameters, and what the two throw
   */
  constructor(named: readonly (readonly [string, Parameter])[], options: MuonWithAdamWOptions = {}) {
    const { muon, adamw, exclude = /embed|wte|wpe|head|classifier/ } = options
    requireList('MuonWithAdamW', 'named', named)
    const wrong = named.find(entry => !Array.isArray(entry) || typeof entry[0] !== 'string')
    if (wrong !== undefined || named.length === 0)
      throw new SurprisalError(
        'argument',
        `MuonWithAdamW: named must hold names with parameters, got ${wrong ? describe(wrong) : 'none'}`,
      )
    this.params = named.map(([, param]) => param)
    this.#partOf = named.map(([name, { shape }]) => (shape.length >= 2 && !exclude.test(name) ? 'muon' : 'adamw'))
    const [matrices, others] = [this.#of('muon', this.params), this.#of('adamw', this.params)]
    this.#optimizers = {
      ...(matrices.length > 0 ? { muon: new Muon(matrices, muon) } : {}),
      ...(others.length > 0 ? { adamw: new AdamW(others, adamw) } : {}),
    }
    this.#ratio = (muon?.lr ?? 0.02) / (adamw?.lr ?? 1e-3)
  }

  #of<T>(part: Part, list: readonly T[]): T[] {
    return list.filter((_, i) => this.#partOf[i] === part)
  }

  /** AdamW's group, then Muon's, where there are any. */
  get groups(): readonly Required<ParameterGroup>[] {
    return [...(this.#optimizers.adamw?.groups ?? []), ...(this.#optimizers.muon?.groups ?? [])]
  }

  /** Steps taken. */
  get steps(): number {
    return this.#step
  }

  /**
   * Moves every parameter by its gradient, lazily. Nothing is moved when it throws.
   * @param grads one per parameter, in the order of `params`
   * @param options `lr` is that of AdamW; Muon's follows it in the ratio of the two that were given at first
   * @throws {SurprisalError} as {@link Optimizer.step} does
   */
  step(grads: readonly Gradient[], options: StepOptions = {}): void {
    requireList('MuonWithAdamW', 'grads', grads)
    if (grads.length !== this.params.length)
      throw new SurprisalError(
        'argument',
        `MuonWithAdamW: grads must hold ${this.params.length} entries, got ${grads.length}`,
      )
    grads.forEach((grad, i) => {
      requireFitting('MuonWithAdamW', i, grad, this.params[i].shape)
      if (grad && options.errorIfNonfinite && !isFiniteNow('MuonWithAdamW', valuesOf(grad)))
        throw new SurprisalError('argument', `MuonWithAdamW: gradient ${i} must be finite`)
    })
    const { muon, adamw } = this.#optimizers
    const lr = options.lr === undefined ? undefined : options.lr * this.#ratio
    muon?.step(this.#of('muon', grads), { ...options, lr })
    adamw?.step(this.#of('adamw', grads), options)
    this.#step += 1
  }

  /** Computes what the steps so far have left lazy, and further tensors, in one plan. */
  async settle(...also: TensorLike[]): Promise<void> {
    const { muon, adamw } = this.#optimizers
    const cells = [...(muon?.cells ?? []), ...(adamw?.cells ?? [])]
    await realize(...also, ...cells)
  }

  /** State of both, under `muon.` and `adamw.`. */
  stateDict(): OptimizerState {
    const tensors = Object.entries(this.#optimizers).flatMap(([part, optimizer]) =>
      Object.entries(optimizer.stateDict().tensors).map(([key, value]) => [`${part}.${key}`, value]),
    )
    return { step: this.#step, tensors: Object.fromEntries(tensors) }
  }

  /**
   * Replaces all state. Nothing is changed when it throws.
   * @throws {SurprisalError} as {@link Optimizer.loadStateDict} does
   */
  loadStateDict({ step, tensors }: Readonly<OptimizerState>): void {
    const { muon, adamw } = this.#optimizers
    const own = (part: Part): OptimizerState['tensors'] =>
      Object.fromEntries(
        Object.entries(tensors).flatMap(([key, value]) =>
          key.startsWith(`${part}.`) ? [[key.slice(part.length + 1), value]] : [],
        ),
      )
    const stray = Object.keys(tensors).find(key => !Object.hasOwn(this.#optimizers, key.split('.')[0]))
    if (stray) throw new SurprisalError('argument', `MuonWithAdamW: state must belong to a parameter, got key ${stray}`)
    const before = muon?.stateDict()
    muon?.loadStateDict({ step, tensors: own('muon') })
    try {
      adamw?.loadStateDict({ step, tensors: own('adamw') })
    } catch (error) {
      if (before) muon?.loadStateDict(before)
      throw error
    }
    this.#step = step
  }
}
