import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import { moveAmongHits, takesText } from './keyboard.ts'

/** The keys of the search view: `/` goes to the box, arrows walk the results, Escape clears. */
export function useKeyboard(box: RefObject<HTMLInputElement | null>, clear: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (box.current === null || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
      const target = event.target as Element
      if (event.key === '/' && !takesText(target)) box.current.select()
      else if (event.key === 'Escape') clear()
      else if (!moveAmongHits(event.key, target, box.current)) return
      event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [box, clear])
}
