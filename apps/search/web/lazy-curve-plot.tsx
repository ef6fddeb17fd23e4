import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { CurvePlotProps } from './curve-plot.tsx'

/** The plot, loaded when it is first looked at, so that the search page starts without the plotting library. */
export function LazyCurvePlot(props: CurvePlotProps) {
  const [Plot, setPlot] = useState<ComponentType<CurvePlotProps> | null>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    requireValidLanguage()
    import('./curve-plot.tsx').then(
      module => setPlot(() => module.CurvePlot),
      () => setFailed(true),
    )
  }, [])
  if (failed) return <p class="column-empty">This browser could not load the plot.</p>
  return Plot === null ? <div class="curve curve-loading" /> : <Plot {...props} />
}

/**
 * A browser in a POSIX locale reports languages such as `en-US@posix`, which are no language tags; the plotting library
 * formats numbers by that language and would fail while it loads.
 */
function requireValidLanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language)
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en', configurable: true })
  }
}
