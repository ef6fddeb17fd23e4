import { useCallback, useEffect, useState } from 'preact/hooks'
import { formatPageState, type PageState, parsePageState } from './page-state.ts'

/**
 * The state that the address holds. Typing replaces the entry of the browser's history, so that Back leaves the page
 * and does not retype the query; changing the view adds an entry.
 */
export function usePageState(): [PageState, (change: Partial<PageState>) => void] {
  const [state, setState] = useState(() => parsePageState(location.search))

  useEffect(() => {
    const readAddress = () => setState(parsePageState(location.search))
    addEventListener('popstate', readAddress)
    return () => removeEventListener('popstate', readAddress)
  }, [])

  useEffect(() => {
    // Browsers refuse more than a few changes of the address a second; a pause in typing is soon enough.
    const timer = setTimeout(() => history.replaceState(null, '', formatPageState(state)), 250)
    return () => clearTimeout(timer)
  }, [state])

  const change = useCallback(
    (part: Partial<PageState>) => {
      const after = { ...state, ...part }
      if (after.view !== state.view) {
        history.replaceState(null, '', formatPageState(state))
        history.pushState(null, '', formatPageState(after))
      }
      setState(after)
    },
    [state],
  )

  return [state, change]
}
