/**
 * Runs a slow task for the newest argument only: one run at a time, and when it ends, the newest argument that came in
 * the meantime. Typing then never floods the server, answers never overtake one another, and no delay is guessed.
 *
 * @param task what to run; its failure goes to `onError`.
 * @returns a function to call as often as one likes.
 */
export function latestOnly<A, R>(
  task: (argument: A) => Promise<R>,
  onResult: (result: R, argument: A) => void,
  onError: (error: unknown, argument: A) => void,
): (argument: A) => Promise<void> {
  let running = false
  let waiting: { argument: A } | null = null

  return async function run(argument) {
    waiting = { argument }
    if (running) return
    running = true
    while (waiting !== null) {
      const current: A = waiting.argument
      waiting = null
      try {
        onResult(await task(current), current)
      } catch (error) {
        onError(error, current)
      }
    }
    running = false
  }
}
