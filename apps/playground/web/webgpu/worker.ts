import { createRuntime, describeDevice, type Runtime, registerBackend } from '@surprisal/webgpu-runtime'
import { type Contestant, compare } from './compare.ts'
import type { Reply, Request } from './messages.ts'
import { works } from './work.ts'

// Computing happens here, so that the page answers however long a product takes.

const reply = (message: Reply): void => self.postMessage(message)
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const cpu: Contestant = { device: 'cpu', idle: async () => {}, dispatches: () => null }
let runtime: Runtime | null = null
let isStopped = false

/** Takes a device, another one when it was lost; the reason why there is none, else null. */
async function takeDevice(): Promise<string | null> {
  if (runtime && !runtime.isLost) return null
  try {
    runtime = await createRuntime()
    registerBackend(runtime)
    return null
  } catch (error) {
    runtime = null
    return messageOf(error)
  }
}

async function describe(): Promise<void> {
  const reason = await takeDevice()
  reply({
    kind: 'devices',
    gpu: runtime && describeDevice(runtime),
    reason,
    cores: navigator.hardwareConcurrency,
    threads: self.crossOriginIsolated,
  })
}

async function answer({ work, size, rounds }: Extract<Request, { kind: 'compare' }>): Promise<void> {
  isStopped = false
  try {
    await takeDevice()
    await compare(works[work], size, runtime ? [cpu, gpuOf(runtime)] : [cpu], {
      rounds,
      isStopped: () => isStopped,
      onAgreement: agreement => reply({ kind: 'agreement', ...agreement }),
      onSample: sample => reply({ kind: 'sample', ...sample }),
    })
    reply({ kind: 'end', error: null })
  } catch (error) {
    reply({ kind: 'end', error: messageOf(error) })
  }
}

const gpuOf = (used: Runtime): Contestant => ({
  device: 'webgpu',
  idle: () => used.idle(),
  dispatches: () => used.stats().dispatches,
})

self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
  if (data.kind === 'stop') isStopped = true
  else void (data.kind === 'describe' ? describe() : answer(data))
})
