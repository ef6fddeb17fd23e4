import { useEffect, useState } from 'preact/hooks'
import type { SearchHit, SystemName } from '../src/server/types.ts'
import { fetchSearch } from './api.ts'
import { systemTexts } from './systems.ts'

interface HitDetailProps {
  hit: SearchHit
  query: string
  systems: readonly SystemName[]
  onSearch: (query: string) => void
}

const depth = 100

/** What stands below an open result: which words matched, how each system ranks it, and a search for its meaning. */
export function HitDetail({ hit, query, systems, onSearch }: HitDetailProps) {
  const ranks = useRanks(hit.id, query, systems)
  return (
    <div class="detail">
      <p>
        {hit.matched.length === 0 ? 'No word in common with the query' : `In common: ${hit.matched.join(', ')}`}
        <span class="identifier">{hit.id}</span>
      </p>
      <dl aria-label="Rank in each system">
        {systems.map(system => (
          <div key={system}>
            <dt>{systemTexts[system].label}</dt>
            <dd>{ranks === null ? '…' : (ranks.get(system) ?? `>${depth}`)}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="quiet-button" onClick={() => onSearch(hit.text.slice(0, 500))}>
        Search for this meaning
      </button>
    </div>
  )
}

/** Rank of a document in each system's first hundred, counted from 1; null until the answer is there. */
function useRanks(id: string, query: string, systems: readonly SystemName[]): Map<SystemName, number> | null {
  const [ranks, setRanks] = useState<Map<SystemName, number> | null>(null)
  useEffect(() => {
    let stale = false
    const read = fetchSearch({ query, systems, k: depth }).then(
      ({ results }) =>
        new Map(
          results.flatMap(({ system, hits }) => {
            const index = hits.findIndex(hit => hit.id === id)
            return index < 0 ? [] : [[system, index + 1] as const]
          }),
        ),
      () => null,
    )
    void read.then(found => stale || setRanks(found))
    return () => {
      stale = true
    }
  }, [id, query])
  return ranks
}
