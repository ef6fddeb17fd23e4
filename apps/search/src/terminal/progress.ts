import cliProgress from 'cli-progress'
import type { Progress, RunningPhase } from '../pipeline/progress.ts'
import { colorsFor } from './colors.ts'

const titleWidth = 22

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** Time that the rest will take at the pace so far. */
function remaining(started: number, done: number, total: number): string {
  if (done === 0) return ''
  return `${duration(((performance.now() - started) / done) * (total - done))} left`
}

/** A bar per phase, for a terminal. */
function barProgress(stream: NodeJS.WriteStream): Progress {
  const colors = colorsFor(stream)
  return {
    say: line => stream.write(`${line}\n`),
    phase(title, total): RunningPhase {
      const started = performance.now()
      const bar = new cliProgress.SingleBar({
        stream,
        format: `  ${title.padEnd(titleWidth)} {bar} {percentage}%  {note}`,
        barCompleteChar: '━',
        barIncompleteChar: '─',
        barsize: 24,
        hideCursor: true,
        clearOnComplete: true,
      })
      bar.start(total, 0, { note: '' })
      // A program that ends in the middle of a phase must not leave the terminal without a cursor.
      const restore = (): void => bar.stop()
      process.once('exit', restore)
      const stop = (): void => {
        process.off('exit', restore)
        restore()
      }
      return {
        update: (done, note = '') => bar.update(done, { note: join(remaining(started, done, total), note) }),
        finish: (result = '') => {
          stop()
          const time = duration(performance.now() - started)
          stream.write(`${colors.green('✔')} ${title.padEnd(titleWidth)} ${colors.dim(join(time, result))}\n`)
        },
        abandon: stop,
      }
    },
  }
}

const secondsBetweenLines = 5

/** A line now and then, for a log. */
function lineProgress(stream: Pick<NodeJS.WritableStream, 'write'>): Progress {
  return {
    say: line => stream.write(`${line}\n`),
    phase(title, total): RunningPhase {
      const started = performance.now()
      let last = started
      stream.write(`${title} ...\n`)
      return {
        update: (done, note = '') => {
          if (performance.now() - last < secondsBetweenLines * 1000) return
          last = performance.now()
          const share = `${Math.floor((100 * done) / Math.max(1, total))} %`
          stream.write(`  ${join(share, note, remaining(started, done, total))}\n`)
        },
        finish: (result = '') => {
          stream.write(`${title}: ${join(duration(performance.now() - started), result)}\n`)
        },
        abandon: () => undefined,
      }
    },
  }
}

const join = (...parts: string[]): string => parts.filter(Boolean).join(', ')

/** Bars where a person watches, plain lines elsewhere. */
export function terminalProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? barProgress(stream) : lineProgress(stream)
}
