/** Exit code of a program that was stopped with Ctrl-C. */
export const stoppedExitCode = 130

/** Aborted by the first Ctrl-C or SIGTERM; the second one ends the program at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(stoppedExitCode)
    controller.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return controller.signal
}

/** Resolves when the signal is given, at once if it was given before. */
export function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}
