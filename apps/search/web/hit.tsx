import type { ComponentChildren } from 'preact'
import type { SearchHit } from '../src/server/types.ts'
import { formatScore } from './format.ts'
import { Highlighted } from './highlighted.tsx'
import { hitAttribute } from './keyboard.ts'
import { partOfSpeech } from './systems.ts'

interface HitProps {
  hit: SearchHit
  rank: number
  /** Score of the first result, which the bars are drawn against. */
  topScore: number
  /** Counted from 0; the arrow keys move between columns. */
  column: number
  open: boolean
  onToggle: () => void
  /** Details that stand below an open result. */
  children?: ComponentChildren
}

/** One result: rank, word(s), gloss with the matched words marked, score. */
export function Hit({ hit, rank, topScore, column, open, onToggle, children }: HitProps) {
  const share = topScore > 0 ? Math.max(0, Math.min(1, hit.score / topScore)) : 0
  const kind = partOfSpeech(hit.id)
  return (
    <li class="hit" data-open={open}>
      <span class="rank" aria-hidden="true">
        {rank}
      </span>
      <div class="hit-body">
        <h3>
          <button type="button" aria-expanded={open} onClick={onToggle} {...{ [hitAttribute]: column }}>
            <Highlighted text={hit.title} words={hit.matched} />
          </button>
          {kind !== null && <i class="kind">{kind}</i>}
        </h3>
        {hit.location !== undefined && <p class="location">{hit.location}</p>}
        <p class="gloss">
          <Highlighted text={hit.text} words={hit.matched} />
        </p>
        {children}
      </div>
      <p class="score">
        <span class="visually-hidden">Score </span>
        {formatScore(hit.score)}
        <span class="score-bar" style={{ '--share': String(share) }} aria-hidden="true" />
      </p>
    </li>
  )
}
