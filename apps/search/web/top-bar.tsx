import type { Corpus } from '../src/server/types.ts'
import { formatCount } from './format.ts'
import { formatPageState, type PageState } from './page-state.ts'
import type { Theme } from './use-theme.ts'

interface TopBarProps {
  corpus: Corpus | null
  view: PageState['view']
  theme: Theme
  onView: (view: PageState['view']) => void
  onTheme: () => void
}

const views = [
  { view: 'search', label: 'Search' },
  { view: 'evaluation', label: 'Evaluation' },
] as const

/** Name of the page and of what is searched, the two views, and the theme. */
export function TopBar({ corpus, view, theme, onView, onTheme }: TopBarProps) {
  const other = theme === 'dark' ? 'light' : 'dark'
  return (
    <header class="top-bar">
      <a class="brand" href="/">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="8" />
          <path d="M6 23 C12 23 12 9 16 9 S20 23 26 23" />
        </svg>
        <span>Surprisal</span>
      </a>
      {corpus !== null && (
        <p class="corpus">
          {corpus.name} <span>{formatCount(corpus.documents)} entries</span>
        </p>
      )}
      <nav aria-label="Views">
        {views.map(({ view: target, label }) => (
          <a
            key={target}
            href={formatPageState({ view: target, query: '', system: null, compare: false })}
            aria-current={target === view ? 'page' : undefined}
            onClick={event => {
              if (event.ctrlKey || event.metaKey || event.shiftKey) return
              event.preventDefault()
              onView(target)
            }}
          >
            {label}
          </a>
        ))}
      </nav>
      <button type="button" class="icon-button" aria-label={`Switch to ${other} theme`} onClick={onTheme}>
        <ThemeIcon theme={other} />
      </button>
    </header>
  )
}

function ThemeIcon({ theme }: { theme: Theme }) {
  const moon = 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z'
  const sun = 'M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4'
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      {theme === 'light' && <circle cx="12" cy="12" r="4" />}
      <path d={theme === 'light' ? sun : moon} />
    </svg>
  )
}
