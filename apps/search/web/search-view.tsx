import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { InfoResponse, SearchResponse } from '../src/server/types.ts'
import { Announcement } from './announcement.tsx'
import { Comparison } from './comparison.tsx'
import { formatMilliseconds, formatPlural } from './format.ts'
import { type Mode, ModePicker } from './mode-picker.tsx'
import { Notice } from './notice.tsx'
import type { PageState } from './page-state.ts'
import { ResultList } from './result-list.tsx'
import { SearchBox } from './search-box.tsx'
import { comparedSystems, sortSystems } from './systems.ts'
import { useKeyboard } from './use-keyboard.ts'
import { useSearch } from './use-search.ts'
import { NothingFound, Welcome } from './welcome.tsx'

interface SearchViewProps {
  info: InfoResponse | null
  state: PageState
  onChange: (change: Partial<PageState>) => void
}

const pageSize = 10
const mostResults = 100

/** The box, the choice of a system, and the results of one system or of three. */
export function SearchView({ info, state, onChange }: SearchViewProps) {
  const box = useRef<HTMLInputElement>(null)
  const [k, setK] = useState(pageSize)
  const available = sortSystems(info?.systems ?? [])
  const system = state.system !== null && available.includes(state.system) ? state.system : available[0]
  const asked = state.compare ? comparedSystems(available) : available.length > 0 ? [system] : []
  const { answer, error, retry } = useSearch(state.query, asked, k)

  const search = useCallback(
    (query: string) => {
      setK(pageSize)
      onChange({ query })
    },
    [onChange],
  )
  const clear = useCallback(() => {
    search('')
    box.current?.focus()
  }, [search])
  const searchFromTop = (query: string) => {
    search(query)
    box.current?.focus()
    scrollTo({ top: 0 })
  }
  useEffect(() => box.current?.focus(), [])
  useKeyboard(box, clear)

  const choose = (choice: Mode) => {
    setK(pageSize)
    onChange(choice === 'compare' ? { compare: true } : { compare: false, system: choice })
  }

  const blank = state.query.trim() === ''
  const results = !blank && answer !== null && answer.query !== '' ? answer.results : []
  const first = results[0]
  const found = results.some(result => result.hits.length > 0)
  const summary =
    results.length === 1
      ? `${formatPlural(first.hits.length, 'result')} in ${formatMilliseconds(first.milliseconds)}`
      : ''

  return (
    <>
      <SearchBox input={box} query={state.query} onInput={search} onClear={clear} />
      {available.length > 0 && (
        <div class="mode-row">
          <ModePicker systems={available} chosen={state.compare ? 'compare' : system} onChoose={choose} />
          <p class="summary">{summary}</p>
        </div>
      )}
      {error !== null && <Notice text={error} onRetry={retry} />}
      {blank && info !== null && <Welcome corpus={info.corpus} onExample={searchFromTop} />}
      {first !== undefined && !found && (
        <NothingFound query={answer?.query ?? ''} system={first.system} onChoose={choose} />
      )}
      {found && results.length > 1 && <Comparison results={results} />}
      {found && results.length === 1 && (
        <ResultList
          key={answer?.query}
          result={first}
          systems={available}
          query={answer?.query ?? ''}
          onSearch={searchFromTop}
          onMore={first.hits.length >= k && k < mostResults ? () => setK(Math.min(k * 2, mostResults)) : null}
        />
      )}
      <Announcement text={describe(results, summary)} />
    </>
  )
}

/** What a screen reader says of the results: how many, and the first of each list. */
function describe(results: SearchResponse['results'], summary: string): string {
  if (results.length === 0) return ''
  const firsts = [...new Set(results.flatMap(result => result.hits.slice(0, 1).map(hit => hit.title)))]
  return firsts.length === 0 ? 'No results' : `${summary} First: ${firsts.join('; ')}`.trim()
}
