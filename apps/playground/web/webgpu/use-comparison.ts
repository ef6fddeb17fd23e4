import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { advance, type Comparison, newComparison } from './comparison.ts'
import type { Devices, Reply, Request } from './messages.ts'
import type { WorkName } from './work.ts'

/** What the page knows, and what it can ask for. */
export interface Comparing {
  /** Null until the worker has looked. */
  readonly devices: Devices | null
  /** Null until one was started. */
  readonly comparison: Comparison | null
  start(work: WorkName, size: number, rounds: number): void
  stop(): void
}

/** The worker's state, followed message by message. */
export function useComparison(): Comparing {
  const worker = useRef<Worker | null>(null)
  const [devices, setDevices] = useState<Devices | null>(null)
  const [comparison, setComparison] = useState<Comparison | null>(null)
  const ask = useCallback((request: Request) => worker.current?.postMessage(request), [])

  useEffect(() => {
    const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    worker.current = started
    const listen = (reply: Reply) => {
      if (reply.kind === 'devices') setDevices(reply)
      else setComparison(current => current && advance(current, reply))
    }
    started.addEventListener('message', ({ data }: MessageEvent<Reply>) => listen(data))
    started.addEventListener('error', ({ message }) =>
      listen({ kind: 'end', error: message || 'The worker of this page could not start.' }),
    )
    ask({ kind: 'describe' })
    return () => started.terminate()
  }, [ask])

  const start = (work: WorkName, size: number, rounds: number) => {
    setComparison(newComparison(work, size))
    ask({ kind: 'compare', work, size, rounds })
  }
  return { devices, comparison, start, stop: () => ask({ kind: 'stop' }) }
}
