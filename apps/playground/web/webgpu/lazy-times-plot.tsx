import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { TimesPlotProps } from './times-plot.tsx'

/** The plot, loaded when there is something to draw. */
export function LazyTimesPlot(props: TimesPlotProps) {
  const [Plot, setPlot] = useState<ComponentType<TimesPlotProps> | null>(null)
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    requireValidLanguage()
    import('./times-plot.tsx').then(
      module => setPlot(() => module.TimesPlot),
      () => setFailed(true),
    )
  }, [])
  if (failed) return <p class="soft">This browser could not load the plot.</p>
  return Plot === null ? <div class="plot plot-loading" /> : <Plot {...props} />
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
