import type { Corpus, SystemName } from '../src/server/types.ts'
import { systemTexts } from './systems.ts'

/** What stands below an empty box. */
export function Welcome({ corpus, onExample }: { corpus: Corpus; onExample: (query: string) => void }) {
  const { examples = [] } = corpus
  return (
    <section class="welcome">
      <h1>Say what you mean.</h1>
      <p>
        Describe it in your own words; the entries closest in meaning come first, even when they share no word with you.
      </p>
      {examples.length > 0 && (
        <ul aria-label="Examples">
          {examples.map(example => (
            <li key={example}>
              <button type="button" onClick={() => onExample(example)}>
                {example}
              </button>
            </li>
          ))}
        </ul>
      )}
      <p class="keys">
        <kbd>/</kbd> search <kbd>↑</kbd>
        <kbd>↓</kbd> results <kbd>Esc</kbd> clear
      </p>
    </section>
  )
}

interface NothingFoundProps {
  query: string
  system: SystemName
  onChoose: (system: SystemName) => void
}

/** What stands there when a query has no result. */
export function NothingFound({ query, system, onChoose }: NothingFoundProps) {
  return (
    <section class="welcome">
      <h2>Nothing found</h2>
      <p>
        {system === 'bm25' ? 'No entry shares a word with' : `${systemTexts[system].label} has no entry for`} “{query}”.
      </p>
      {system === 'bm25' && (
        <button type="button" class="quiet-button" onClick={() => onChoose('dense')}>
          Search by meaning instead
        </button>
      )}
    </section>
  )
}
