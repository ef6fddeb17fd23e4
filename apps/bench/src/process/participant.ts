import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Counts } from '../gpu/counts.ts'
import type { Answer, Job, Request } from './protocol.ts'
import type { Bytes, First } from './runner.ts'

const child = fileURLToPath(new URL('./child.ts', import.meta.url))

/** One side of a comparison as the rounds see it. */
export interface Participant {
  readonly name: string
  /** Loads the library and uploads the inputs; gives the version. */
  start(): Promise<string>
  first(): Promise<First>
  round(ms: number): Promise<number[]>
  bytes(): Promise<Bytes | null>
  /** What an evaluation asks of the GPU; null where there is none. */
  counts(): Promise<Counts | null>
  /** Ends the participant; may be called at any time. */
  stop(): void
}

/** What {@link processParticipant} may take; the defaults are for machines with other work to do. */
export interface Patience {
  /** Seconds for the start and for the first evaluation, each. @default 120 */
  readonly firstSeconds?: number
  /** Seconds for a round. @default 60 */
  readonly roundSeconds?: number
}

/**
 * A participant in a process of its own, so that no library meets the heap, the compiled code or the garbage of
 * another. Every method rejects with the reason when the process fails, ends or takes too long.
 */
export function processParticipant(job: Job, patience: Patience = {}): Participant {
  const { firstSeconds = 120, roundSeconds = 60 } = patience
  let running: ChildProcess | undefined
  const stop = () => running?.kill('SIGKILL')

  const next = (seconds: number): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer)
        running?.off('message', onMessage).off('exit', onExit)
        act()
      }
      const onMessage = (answer: Answer) =>
        settle(() => (answer.kind === 'failed' ? reject(new Error(answer.problem)) : resolve(answer)))
      const onExit = (code: number | null, signal: string | null) =>
        settle(() => reject(new Error(`the process ended with ${signal ?? `exit code ${code}`}`)))
      const timer = setTimeout(() => {
        settle(() => reject(new Error(`no answer within ${seconds} s`)))
        stop()
      }, seconds * 1000)
      running?.on('message', onMessage).on('exit', onExit)
    })

  const ask = async <K extends Answer['kind']>(request: Request & { kind: K }, seconds: number) => {
    const answer = next(seconds)
    running?.send(request, error => error && running?.emit('exit', null, 'a closed channel'))
    return (await answer) as Answer & { kind: K }
  }

  return {
    name: job.participant,
    stop,
    async start() {
      running = fork(child, [JSON.stringify(job)], {
        execArgv: ['--conditions=@surprisal/source', '--disable-warning=ExperimentalWarning'],
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      })
      const answer = await next(firstSeconds)
      return answer.kind === 'started' ? answer.version : ''
    },
    first: async () => (await ask({ kind: 'first' }, firstSeconds)).first,
    round: async ms => (await ask({ kind: 'round', ms }, roundSeconds)).runs,
    bytes: async () => (await ask({ kind: 'bytes' }, roundSeconds)).bytes,
    counts: async () => (await ask({ kind: 'counts' }, firstSeconds)).counts,
  }
}
