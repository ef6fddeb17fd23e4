import { useEffect, useRef, useState } from 'preact/hooks'
import type { SearchResponse, SystemName } from '../src/server/types.ts'
import { fetchSearch, type SearchQuestion } from './api.ts'
import { latestOnly } from './latest-only.ts'

/** The newest answer, and how it stands to the newest question. */
export interface SearchState {
  answer: SearchResponse | null
  error: string | null
  /** Asks the newest question again. */
  retry: () => void
}

/** Asks the server whenever the question changes; the answer before stays until the next one is there. */
export function useSearch(query: string, systems: readonly SystemName[], k: number): SearchState {
  const [answer, setAnswer] = useState<SearchResponse | null>(null)
  const [error, setError] = useState<string | null>(null)
  const [attempt, setAttempt] = useState(0)
  const ask = useRef(
    latestOnly<SearchQuestion, SearchResponse>(
      fetchSearch,
      result => {
        setAnswer(result)
        setError(null)
      },
      failure => setError((failure as Error).message),
    ),
  )
  const list = systems.join(',')

  useEffect(() => {
    if (list === '') return
    void ask.current({ query: query.trim(), systems: list.split(',') as SystemName[], k })
  }, [query, list, k, attempt])

  return { answer, error, retry: () => setAttempt(count => count + 1) }
}
