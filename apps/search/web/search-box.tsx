import type { RefObject } from 'preact'

interface SearchBoxProps {
  input: RefObject<HTMLInputElement | null>
  query: string
  onInput: (query: string) => void
  onClear: () => void
}

/** The box that one types into; every keystroke is a search. */
export function SearchBox({ input, query, onInput, onClear }: SearchBoxProps) {
  return (
    <search>
      <form class="search-box" onSubmit={event => event.preventDefault()}>
        <svg class="search-icon" viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="11" cy="11" r="6.5" />
          <path d="m16 16 4.5 4.5" />
        </svg>
        <input
          ref={input}
          type="search"
          name="q"
          aria-label="Describe what you are looking for"
          aria-describedby="search-hint"
          placeholder="Describe what you are looking for"
          maxLength={500}
          autocomplete="off"
          autocapitalize="off"
          spellcheck
          enterkeyhint="search"
          value={query}
          onInput={event => onInput(event.currentTarget.value)}
        />
        {query === '' ? (
          <kbd>/</kbd>
        ) : (
          <button type="button" class="icon-button" aria-label="Clear the search" onClick={onClear}>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="m6 6 12 12M18 6 6 18" />
            </svg>
          </button>
        )}
        <p id="search-hint" class="visually-hidden">
          Results appear while you type. Arrow keys walk through them, Escape clears, slash comes back here.
        </p>
      </form>
    </search>
  )
}
