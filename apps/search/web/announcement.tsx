import { useEffect, useState } from 'preact/hooks'

/** Tells a screen reader what the results are, once typing pauses. */
export function Announcement({ text }: { text: string }) {
  const [spoken, setSpoken] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setSpoken(text), 700)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <p class="visually-hidden" role="status" aria-live="polite">
      {spoken}
    </p>
  )
}
