import { useState } from 'preact/hooks'
import type { SearchAnswer, SystemName } from '../src/server/types.ts'
import { Hit } from './hit.tsx'
import { HitDetail } from './hit-detail.tsx'
import { systemTexts } from './systems.ts'

interface ResultListProps {
  result: SearchAnswer & { system: SystemName }
  systems: readonly SystemName[]
  query: string
  onSearch: (query: string) => void
  /** null when there are no more. */
  onMore: (() => void) | null
}

/** The ranked results of one system; a result opens to its details. */
export function ResultList({ result, systems, query, onSearch, onMore }: ResultListProps) {
  const [open, setOpen] = useState<string | null>(null)
  const top = result.hits[0].score
  return (
    <section aria-label={`Results of ${systemTexts[result.system].label}`}>
      <ol class="results">
        {result.hits.map((hit, index) => (
          <Hit
            key={hit.id}
            hit={hit}
            rank={index + 1}
            topScore={top}
            column={0}
            open={hit.id === open}
            onToggle={() => setOpen(hit.id === open ? null : hit.id)}
          >
            {hit.id === open && <HitDetail hit={hit} query={query} systems={systems} onSearch={onSearch} />}
          </Hit>
        ))}
      </ol>
      {onMore !== null && (
        <button type="button" class="quiet-button more" onClick={onMore}>
          Show more
        </button>
      )}
    </section>
  )
}
