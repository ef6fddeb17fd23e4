import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import * as library from '@tensorflow/tfjs-core'
import type { Session, TfjsProgram } from '../case/bench-case.ts'
import type { Input } from '../case/inputs.ts'
import type { CountedGpu } from '../gpu/counted-gpu.ts'
import { type Runner, sessionRunner } from '../process/runner.ts'
import { registerGradients } from './tfjs-gradients.ts'

/**
 * TensorFlow.js on its wasm backend, which computes within the call of every op, or on its WebGPU backend, which is
 * waited for at the end of an evaluation.
 *
 * @throws Error where the backend is not there, or not with as many threads
 */
export async function startTfjs(
  program: TfjsProgram,
  inputs: Readonly<Record<string, Input>>,
  threads: number,
  gpu: CountedGpu | null,
): Promise<Runner> {
  await registerGradients()
  const version = gpu ? await startWebGpu() : await startWasm(threads)
  const x = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, toTensor(input)]))
  const session = typeof program === 'function' ? stateless(program, x) : await program.prepare(x, library)
  return gpu ? sessionRunner(version, waited(session), gpu) : sessionRunner(version, session)
}

async function startWasm(threads: number): Promise<string> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm')
  wasm.setThreadsCount(threads)
  if (!(await library.setBackend('wasm'))) throw new Error('the wasm backend does not start')
  const hasThreads = library.env().getBool('WASM_HAS_MULTITHREAD_SUPPORT')
  if (threads > 1 && !hasThreads) throw new Error('the wasm backend has no threads in Node')
  const simd = library.env().getBool('WASM_HAS_SIMD_SUPPORT') ? 'SIMD' : 'no SIMD'
  return `${wasm.version_wasm} (wasm, ${simd})`
}

async function startWebGpu(): Promise<string> {
  // The backend looks for its GPU there while it is loaded.
  Object.assign(globalThis, { self: globalThis })
  await import('@tensorflow/tfjs-backend-webgpu')
  if (!(await library.setBackend('webgpu'))) throw new Error('the WebGPU backend does not start')
  return `${library.version_core} (webgpu)`
}

/** The same session, whose evaluations end when the device has done them. */
const waited = ({ run, results }: Session): Session => ({
  async run() {
    await run()
    const backend = library.backend() as WebGPUBackend
    backend.ensureCommandEncoderReady()
    backend.endComputePassEncoder()
    backend.submitQueue()
    await backend.queue.onSubmittedWorkDone()
  },
  results,
})

function toTensor({ data, shape, dtype }: Input): library.Tensor {
  if (dtype === 'int8') throw new Error('has no int8')
  return library.tensor(data as Float32Array | Int32Array, [...shape], dtype)
}

type TfjsFunction = Extract<TfjsProgram, (...args: never[]) => unknown>

function stateless(program: TfjsFunction, x: Readonly<Record<string, library.Tensor>>): Session {
  const evaluate = () => library.tidy(() => [program(x, library)].flat() as library.Tensor[])
  return {
    run() {
      library.dispose(evaluate())
    },
    async results() {
      const outputs = evaluate()
      const numbers = await Promise.all(outputs.map(output => output.data()))
      library.dispose(outputs)
      return numbers
    },
  }
}
