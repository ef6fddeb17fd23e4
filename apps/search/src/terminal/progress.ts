import cliProgress from 'cli-progress'
import pc from 'picocolors'
import type { Progress, RunningPhase } from '../pipeline/progress.ts'

const titleWidth = 22

const duration = (milliseconds: number): string => {
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
      return {
        update: (done, note = '') =>
          bar.update(done, { note: [remaining(started, done, total), note].filter(Boolean).join(', ') }),
        finish: (result = '') => {
          bar.stop()
          const time = duration(performance.now() - started)
          stream.write(
            `${pc.green('✔')} ${title.padEnd(titleWidth)} ${pc.dim([time, result].filter(Boolean).join(', '))}\n`,
          )
        },
      }
    },
  }
}

const secondsBetweenLines = 5

/** A line now and then, for a log. */
function lineProgress(stream: NodeJS.WritableStream): Progress {
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
          stream.write(`  ${[share, note, remaining(started, done, total)].filter(Boolean).join(', ')}\n`)
        },
        finish: (result = '') => {
          stream.write(`${title}: ${[duration(performance.now() - started), result].filter(Boolean).join(', ')}\n`)
        },
      }
    },
  }
}

/** Bars where a person watches, plain lines elsewhere. */
export function terminalProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? barProgress(stream) : lineProgress(stream)
}
