import { SurprisalError } from '@surprisal/tensor'
import { describe } from '../_shared/describe.ts'
import { PairTable } from '../_shared/pair-table.ts'

/** Rank of a pair that no rule joins: greater than every rank. */
export const NO_RANK = 0x7fffffff

/** The merge list of a BPE model, by ids: which pair may be joined, how early, and into what. */
export class MergeRules {
  #ranks: PairTable
  #joined: Int32Array

  /**
   * @param merges pairs of tokens, the most urgent first
   * @param vocab ids by token
   * @param prefix what a continuing right part loses when it is joined
   * @throws {SurprisalError} `format` when a part, or what a merge gives, is not in the vocabulary
   */
  constructor(merges: readonly (readonly [string, string])[], vocab: ReadonlyMap<string, number>, prefix: string) {
    this.#ranks = new PairTable(merges.length)
    this.#joined = new Int32Array(merges.length)
    for (let rank = 0; rank < merges.length; rank++) {
      const [left, right] = merges[rank]
      const joined = left + (right.startsWith(prefix) ? right.slice(prefix.length) : right)
      const [leftId, rightId, joinedId] = [left, right, joined].map(token => {
        const id = vocab.get(token)
        if (id !== undefined) return id
        const message = `BPE: model.merges[${rank}] must join two tokens of model.vocab into a third, got`
        throw new SurprisalError('format', `${message} ${describe(left)} + ${describe(right)}: no ${describe(token)}`)
      })
      this.#ranks.set(leftId, rightId, rank)
      this.#joined[rank] = joinedId
    }
  }

  /** The rank of the rule that joins (left, right), or `NO_RANK`. */
  rank(left: number, right: number): number {
    const rank = this.#ranks.get(left, right)
    return rank < 0 ? NO_RANK : rank
  }

  /** The id that the rule of this rank gives. */
  joined(rank: number): number {
    return this.#joined[rank]
  }
}
