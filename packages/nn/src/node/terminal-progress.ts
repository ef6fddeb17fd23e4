import { type Progress, progressLine } from '../train/progress.ts'

/** Options of {@link terminalProgress}. */
export interface TerminalProgressOptions {
  /** Where to write. @default process.stderr */
  stream?: { isTTY?: boolean; write(text: string): unknown }
  /** Seconds between two lines. @default 0.1 in a terminal, 10 elsewhere */
  every?: number
}

/** Shows progress as one line that is written anew in a terminal, and as line after line in a file or a pipe. */
export function terminalProgress(options: TerminalProgressOptions = {}): (progress: Progress) => void {
  const { stream = process.stderr } = options
  const isTerminal = stream.isTTY === true
  const { every = isTerminal ? 0.1 : 10 } = options
  let shown = Number.NEGATIVE_INFINITY
  return progress => {
    const now = performance.now() / 1000
    const isLast = progress.step === progress.steps
    if (!isLast && now - shown < every) return
    shown = now
    stream.write(isTerminal ? `\r\x1b[2K${progressLine(progress)}${isLast ? '\n' : ''}` : `${progressLine(progress)}\n`)
  }
}
