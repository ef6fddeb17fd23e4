import type { SearchHit } from '../src/server/types.ts'
import { formatScore } from './format.ts'
import { Highlighted } from './highlighted.tsx'
import { hitAttribute } from './keyboard.ts'

interface ComparisonHitProps {
  hit: SearchHit
  rank: number
  column: number
  active: boolean
  /** Its ranks in the other columns, in words. */
  elsewhere: string
  onChoose: () => void
}

/** One result in a column of the comparison. */
export function ComparisonHit({ hit, rank, column, active, elsewhere, onChoose }: ComparisonHitProps) {
  return (
    <li class="column-hit" data-active={active} onMouseEnter={onChoose}>
      <span class="rank" aria-hidden="true">
        {rank}
      </span>
      <h3>
        <button
          type="button"
          aria-pressed={active}
          onClick={onChoose}
          onFocus={onChoose}
          {...{ [hitAttribute]: column }}
        >
          <Highlighted text={hit.title} words={hit.matched} />
        </button>
      </h3>
      <p class="gloss">
        {hit.location !== undefined && <span class="location">{hit.location} </span>}
        <Highlighted text={hit.text} words={hit.matched} />
      </p>
      <p class="column-note">
        <span class="visually-hidden">Score </span>
        {formatScore(hit.score)} <span>{elsewhere}</span>
      </p>
    </li>
  )
}
