import type { Trace } from '@surprisal/tensor/backend'
import type { Plan } from './compile-plan.ts'

/** Plans that are kept, the latest used. */
const mostPlans = 256

/** Plans by the structure of what they compute. */
export class PlanCache {
  readonly #compile: (traced: Trace) => Plan
  readonly #plans = new Map<number, Plan[]>()
  #size = 0
  #clock = 0

  /** @param compile makes a plan that is not there */
  constructor(compile: (traced: Trace) => Plan) {
    this.#compile = compile
  }

  get size(): number {
    return this.#size
  }

  for(traced: Trace): Plan {
    this.#clock += 1
    const known = this.#plans.get(traced.hash)?.find(plan => sameWords(plan.key, traced.key))
    const plan = known ?? this.#add(traced)
    plan.used = this.#clock
    return plan
  }

  #add(traced: Trace): Plan {
    const plan = this.#compile(traced)
    if (this.#size >= mostPlans) this.#dropOldest()
    this.#plans.set(traced.hash, [...(this.#plans.get(traced.hash) ?? []), plan])
    this.#size += 1
    return plan
  }

  #dropOldest(): void {
    const all = [...this.#plans].flatMap(([hash, plans]) => plans.map(plan => ({ hash, plan })))
    const { hash, plan } = all.reduce((a, b) => (b.plan.used < a.plan.used ? b : a))
    const others = (this.#plans.get(hash) as Plan[]).filter(other => other !== plan)
    if (others.length > 0) this.#plans.set(hash, others)
    else this.#plans.delete(hash)
    this.#size -= 1
  }
}

function sameWords(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
