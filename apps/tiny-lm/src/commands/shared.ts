import { SurprisalError } from '@surprisal/tensor'
import { useDevice } from '@surprisal/webgpu-runtime'

/** Options that all commands have. */
export const commonArgs = {
  device: { type: 'string', description: 'cpu or webgpu', default: 'cpu', valueHint: 'name' },
  json: { type: 'boolean', description: 'print the result as JSON on standard output' },
} as const

/** Where a model is. */
export const modelArgs = {
  model: { type: 'string', description: 'folder of the model', default: 'tiny-lm', valueHint: 'folder' },
} as const

/** @throws {SurprisalError} `argument` for a device that there is not */
export async function chooseDevice(name: string): Promise<void> {
  if (name !== 'cpu' && name !== 'webgpu')
    throw new SurprisalError('argument', `tiny-lm: --device must be cpu or webgpu, got ${name}`)
  await useDevice(name)
}

/** Of a command that was stopped. */
export const stoppedExitCode = 130

/** Is aborted by the first Ctrl-C; the second one ends the process. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      console.error('\nStopping after this step; again to stop at once')
      stop.abort()
    })
  return stop.signal
}

/** Waits for Ctrl-C; for as long the page of what is done can be looked at. */
export async function stopped(signal: AbortSignal): Promise<void> {
  console.error('Ctrl-C ends the page')
  const alive = setInterval(() => {}, 2 ** 30)
  await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
  clearInterval(alive)
}
