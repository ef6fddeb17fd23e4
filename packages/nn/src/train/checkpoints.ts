import { SurprisalError } from '@surprisal/tensor'
import { type CheckpointParts, readCheckpoint, writeCheckpoint } from '../checkpoint/checkpoint.ts'
import type { CheckpointStore } from './checkpoint-store.ts'
import { readTrainingState, type TrainingState, toMetadata } from './training-state.ts'
import { areFinite } from './training-step.ts'

const nameOf = (step: number): string => `step-${String(step).padStart(9, '0')}`
const stepOf = (name: string): number => Number(/^step-(\d{9,})$/.exec(name)?.[1] ?? Number.NaN)

/** The checkpoints of one training in their store. */
export class Checkpoints {
  readonly #store: CheckpointStore
  readonly #keep: number
  readonly #parts: CheckpointParts
  /** Name of the newest one that this training wrote or began with. */
  last: string | null = null

  constructor(store: CheckpointStore, keep: number, parts: CheckpointParts) {
    this.#store = store
    this.#keep = keep
    this.#parts = parts
  }

  /** Names of all checkpoints, oldest first. */
  async #names(): Promise<string[]> {
    const names = (await this.#store.list()).filter(name => stepOf(name) >= 0)
    return names.sort((a, b) => stepOf(a) - stepOf(b))
  }

  /** @throws {SurprisalError} `argument` when the store holds checkpoints, which a new training would mix with its own */
  async begin(): Promise<void> {
    const last = (await this.#names()).at(-1)
    if (last)
      throw new SurprisalError(
        'argument',
        `fit: checkpoints must be gone on from (resume: true) or kept elsewhere, got ${last} in ${this.#store.place}`,
      )
  }

  /**
   * Loads the newest checkpoint into the parts.
   * @param check may throw before anything is loaded
   * @returns where its training stood; null when there is none
   * @throws {SurprisalError} `format` when it cannot be loaded, naming the one before it; nothing is changed then
   */
  async resume(check: (state: TrainingState) => void): Promise<TrainingState | null> {
    const names = await this.#names()
    const last = names.at(-1)
    if (!last) return null
    const bytes = await this.#store.read(last)
    let state: TrainingState
    try {
      state = readTrainingState(bytes)
      check(state)
      readCheckpoint(bytes, this.#parts)
    } catch (cause) {
      const { code = 'format', message } = cause as SurprisalError
      const before = code === 'format' ? names.at(-2) : undefined
      const advice = before ? `; remove it to go on from ${before}` : ''
      throw new SurprisalError(code, `fit: cannot go on from ${last} in ${this.#store.place}: ${message}${advice}`, {
        cause,
      })
    }
    this.last = last
    return state
  }

  /**
   * Writes a checkpoint, then removes those beyond the number to keep.
   * @throws {SurprisalError} `argument` when a weight is not finite, `io` when it cannot be written; what was kept
   * before stays
   */
  async save(state: TrainingState): Promise<string> {
    const name = nameOf(state.step)
    if (!(await areFinite(this.#parts.model?.parameters() ?? [])))
      throw new SurprisalError(
        'argument',
        `fit: weights must be finite, got others after step ${state.step}; ${this.advice}`,
      )
    const bytes = await writeCheckpoint(this.#parts, toMetadata(state))
    try {
      await this.#store.write(name, bytes)
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new SurprisalError('io', `fit: checkpoint ${name} was not written (${reason}); ${this.advice}`, { cause })
    }
    this.last = name
    const names = await this.#names()
    for (const old of names.slice(0, Math.max(0, names.length - this.#keep))) await this.#store.remove(old)
    return name
  }

  /** How to go on after a failure. */
  get advice(): string {
    return this.last
      ? `the last good checkpoint is ${this.last} in ${this.#store.place}: go on from it with resume: true`
      : 'no checkpoint has been written yet'
  }
}
