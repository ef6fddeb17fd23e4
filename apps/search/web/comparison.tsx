import { useState } from 'preact/hooks'
import type { SearchHit, SearchResponse } from '../src/server/types.ts'
import { ComparisonHit } from './comparison-hit.tsx'
import { formatMilliseconds } from './format.ts'
import { Highlighted } from './highlighted.tsx'
import { systemTexts } from './systems.ts'

/** The same query in several systems side by side; the result in hand is marked in every column that has it. */
export function Comparison({ results }: { results: SearchResponse['results'] }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const all = results.flatMap(result => result.hits)
  const active = all.find(hit => hit.id === chosen) ?? results.at(-1)?.hits[0] ?? all[0]
  return (
    <>
      <div class="comparison">
        {results.map(({ system, hits, milliseconds }, column) => (
          <section key={system} aria-labelledby={`column-${system}`}>
            <header>
              <h2 id={`column-${system}`}>{systemTexts[system].label}</h2>
              <p class="column-time">{formatMilliseconds(milliseconds)}</p>
              <p class="column-text">{systemTexts[system].description}</p>
            </header>
            {hits.length === 0 && <p class="column-empty">Nothing found</p>}
            <ol class="column-results">
              {hits.map((hit, index) => (
                <ComparisonHit
                  key={hit.id}
                  hit={hit}
                  rank={index + 1}
                  column={column}
                  active={hit.id === active.id}
                  elsewhere={ranksElsewhere(hit.id, column, results)}
                  onChoose={() => setChosen(hit.id)}
                />
              ))}
            </ol>
          </section>
        ))}
      </div>
      <Peek hit={active} />
    </>
  )
}

/** On a phone the columns have room for words only; the gloss of the chosen one stands below them. */
function Peek({ hit }: { hit: SearchHit }) {
  return (
    <aside class="peek" aria-label="Chosen result">
      <h3>{hit.title}</h3>
      <p>
        <Highlighted text={hit.text} words={hit.matched} />
      </p>
    </aside>
  )
}

function ranksElsewhere(id: string, column: number, results: SearchResponse['results']): string {
  const ranks = results.flatMap(({ system, hits }, other) => {
    const index = hits.findIndex(hit => hit.id === id)
    return other === column || index < 0 ? [] : [`${systemTexts[system].label} #${index + 1}`]
  })
  return ranks.length === 0 ? 'only here' : `also ${ranks.join(' · ')}`
}
