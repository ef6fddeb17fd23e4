import { useEffect, useState } from 'preact/hooks'
import type { InfoResponse } from '../src/server/types.ts'
import { fetchInfo } from './api.ts'
import { EvaluationView } from './evaluation-view.tsx'
import { Notice } from './notice.tsx'
import { SearchView } from './search-view.tsx'
import { TopBar } from './top-bar.tsx'
import { usePageState } from './use-page-state.ts'
import { useTheme } from './use-theme.ts'

/** The whole page: the bar at the top, and one of two views. */
export function App() {
  const [info, setInfo] = useState<InfoResponse | null>(null)
  const [error, setError] = useState<string | null>(null)
  const [state, change] = usePageState()
  const [theme, toggleTheme] = useTheme()

  const load = () => {
    setError(null)
    fetchInfo().then(setInfo, failure => setError((failure as Error).message))
  }
  useEffect(load, [])

  useEffect(() => {
    const subject = state.view === 'evaluation' ? 'Evaluation' : state.query.trim()
    document.title = subject === '' ? 'Surprisal search' : `${subject} · Surprisal search`
  }, [state])

  return (
    <>
      <TopBar
        corpus={info?.corpus ?? null}
        view={state.view}
        theme={theme}
        onView={view => change({ view })}
        onTheme={toggleTheme}
      />
      <main>
        {error !== null && <Notice text={error} onRetry={load} />}
        {state.view === 'search' && <SearchView info={info} state={state} onChange={change} />}
        {state.view === 'evaluation' && info !== null && (
          <EvaluationView evaluation={info.evaluation} curve={info.curve} theme={theme} />
        )}
      </main>
    </>
  )
}
