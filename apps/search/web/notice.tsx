/** A failure in one line, with a way to try again. */
export function Notice({ text, onRetry }: { text: string; onRetry: () => void }) {
  return (
    <div class="notice" role="alert">
      <p>{text}</p>
      <button type="button" class="quiet-button" onClick={onRetry}>
        Try again
      </button>
    </div>
  )
}
