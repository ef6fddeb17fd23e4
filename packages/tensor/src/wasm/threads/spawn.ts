import { SurprisalError } from '../../error.ts'
import { nodeModule } from './node-module.ts'
import type { WorkerData } from './worker-source.ts'

/** A helper thread, as its pool sees it. */
export interface ThreadWorker {
  /** Ends it, whatever it does; need not wait until it has ended. */
  terminate(): void
}

/** Starts a helper thread that runs `source`; `onEnd` is called when it ends, with what made it end. */
export type Spawn = (source: string, data: WorkerData, onEnd: (cause: unknown) => void) => ThreadWorker

/**
 * Starts a thread of Node or a worker of a page.
 * @throws {SurprisalError} `device` where the host has neither
 */
export const spawnWorker: Spawn = (source, data, onEnd) => {
  if (nodeModule('node:worker_threads')) return spawnNodeWorker(source, data, onEnd)
  if (typeof Worker === 'function') return spawnPageWorker(source, data, onEnd)
  throw new SurprisalError('device', 'threads: the host must have workers, got none')
}

/** A thread of Node that does not keep the process alive. */
const spawnNodeWorker: Spawn = (source, data, onEnd) => {
  const { Worker } = nodeModule('node:worker_threads')!
  const worker = new Worker(source, { eval: true, execArgv: [], name: 'surprisal', workerData: data })
  worker.on('error', onEnd)
  worker.on('exit', code => onEnd(new Error(`it exited with code ${code}`)))
  worker.unref()
  return { terminate: () => void worker.terminate() }
}

/** One for all workers: a page must not take it back before the last has read it. */
let pageUrl: string | null = null

export const spawnPageWorker: Spawn = (source, data, onEnd) => {
  pageUrl ??= URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  const worker = new Worker(pageUrl, { name: 'surprisal' })
  worker.addEventListener('error', event => onEnd(event.error ?? new Error(event.message || 'it could not start')))
  worker.postMessage(data)
  return { terminate: () => worker.terminate() }
}
