import { useEffect, useState } from 'preact/hooks'
import { demoAt, demos } from './demo.ts'

/** The bar at the top with the list of demos, and the one that the address names. */
export function App() {
  const [demo, setDemo] = useState(() => demoAt(location.hash))
  useEffect(() => {
    const follow = () => setDemo(demoAt(location.hash))
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  useEffect(() => {
    document.title = `${demo.title} · Surprisal playground`
  }, [demo])
  return (
    <>
      <header class="top-bar">
        <a class="brand" href="./">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" />
            <path d="M6 23 C12 23 12 9 16 9 S20 23 26 23" />
          </svg>
          <span>Surprisal playground</span>
        </a>
        <nav aria-label="Demos">
          {demos.map(({ slug, title }) => (
            <a key={slug} href={`#${slug}`} aria-current={slug === demo.slug ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
      </header>
      <main>
        <demo.View key={demo.slug} />
      </main>
    </>
  )
}
