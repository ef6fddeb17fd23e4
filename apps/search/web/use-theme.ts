import { useCallback, useEffect, useState } from 'preact/hooks'

/** The two themes of the page. */
export type Theme = 'light' | 'dark'

const systemIsDark = matchMedia('(prefers-color-scheme: dark)')

function systemTheme(): Theme {
  return systemIsDark.matches ? 'dark' : 'light'
}

function currentTheme(): Theme {
  return (document.documentElement.dataset.theme as Theme | undefined) ?? systemTheme()
}

/** The theme in force, and a function to change to the other; choosing the system's own theme follows it again. */
export function useTheme(): [Theme, () => void] {
  const [theme, setTheme] = useState(currentTheme)

  useEffect(() => {
    const follow = () => setTheme(currentTheme())
    systemIsDark.addEventListener('change', follow)
    return () => systemIsDark.removeEventListener('change', follow)
  }, [])

  const toggle = useCallback(() => {
    const next: Theme = currentTheme() === 'dark' ? 'light' : 'dark'
    remember(next === systemTheme() ? null : next)
    setTheme(next)
  }, [])

  return [theme, toggle]
}

function remember(choice: Theme | null): void {
  if (choice === null) delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = choice
  try {
    if (choice === null) localStorage.removeItem('theme')
    else localStorage.setItem('theme', choice)
  } catch {
    // Storage may be blocked; the choice then lasts until the page is closed.
  }
}
