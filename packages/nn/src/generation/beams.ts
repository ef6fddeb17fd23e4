/** A hypothesis that goes on. */
export interface Beam {
  /** Tokens written so far. */
  readonly tokens: readonly number[]
  /** Sum of their log-probabilities. */
  readonly sum: number
}

/** One way a beam may go on. */
export interface Candidate {
  readonly beam: number
  readonly token: number
  /** Log-probability of the token alone. */
  readonly logProb: number
}

/** A hypothesis that has ended, and what it is ranked by: sum / length^lengthPenalty. */
export interface Hypothesis {
  readonly tokens: readonly number[]
  readonly score: number
}

/** What a {@link Beams} is told. */
export interface BeamRules {
  readonly numBeams: number
  readonly maxNewTokens: number
  readonly lengthPenalty: number
  readonly eosTokenIds: readonly number[]
}

/**
 * Beam search over log-probabilities, without a model: it is told the candidates of each step and says which beams go
 * on. Candidates are ranked by their sums, ties by the lower beam and then the lower token.
 */
export class Beams {
  /** Hypotheses that go on; at first there is one. */
  running: readonly Beam[] = [{ tokens: [], sum: 0 }]
  readonly #rules: BeamRules
  #finished: Hypothesis[] = []
  #length = 0
  #isDone = false

  constructor(rules: BeamRules) {
    this.#rules = rules
  }

  get isDone(): boolean {
    return this.#isDone
  }

  /**
   * Takes one token.
   * @param candidates the best of every running beam: at least 2 numBeams of each, where there are as many
   * @returns for each beam that goes on now, which one it was before
   */
  advance(candidates: readonly Candidate[]): number[] {
    const { numBeams, maxNewTokens, eosTokenIds } = this.#rules
    this.#length += 1
    const ranked = candidates
      .map(({ beam, token, logProb }) => ({ beam, token, sum: this.running[beam].sum + logProb }))
      .sort((a, b) => b.sum - a.sum || a.beam - b.beam || a.token - b.token)
      .slice(0, 2 * numBeams)
    const next: (Beam & { readonly from: number })[] = []
    ranked.forEach(({ beam, token, sum }, rank) => {
      const tokens = [...this.running[beam].tokens, token]
      if (eosTokenIds.includes(token)) {
        if (rank < numBeams) this.#finish(tokens, sum)
      } else if (next.length < numBeams) next.push({ tokens, sum, from: beam })
    })
    this.running = next
    const bestRunning = next.length > 0 ? this.#score(next[0].sum) : Number.NEGATIVE_INFINITY
    const isFull = this.#finished.length >= numBeams
    this.#isDone =
      next.length === 0 ||
      this.#length >= maxNewTokens ||
      (isFull && bestRunning <= this.#finished[this.#finished.length - 1].score)
    return next.map(({ from }) => from)
  }

  /** The best hypothesis; those that were still going on count as they are. */
  best(): Hypothesis {
    const left = this.running.map(({ tokens, sum }) => ({ tokens, score: this.#score(sum) }))
    return [...this.#finished, ...left].reduce((a, b) => (b.score > a.score ? b : a))
  }

  #score(sum: number): number {
    return this.#length === 0 ? 0 : sum / this.#length ** this.#rules.lengthPenalty
  }

  #finish(tokens: readonly number[], sum: number): void {
    this.#finished = [...this.#finished, { tokens, score: this.#score(sum) }]
      .sort((a, b) => b.score - a.score)
      .slice(0, this.#rules.numBeams)
  }
}
