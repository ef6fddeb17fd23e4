import * as wasm from '@tensorflow/tfjs-backend-wasm'
import * as library from '@tensorflow/tfjs-core'
import type { Session, TfjsProgram } from '../case/bench-case.ts'
import type { Input } from '../case/inputs.ts'
import { type Runner, sessionRunner } from '../process/runner.ts'
import { registerGradients } from './tfjs-gradients.ts'

/**
 * TensorFlow.js on its wasm backend. It computes within the call of every op.
 *
 * @throws Error where the backend is not there, or not with as many threads
 */
export async function startTfjs(
  program: TfjsProgram,
  inputs: Readonly<Record<string, Input>>,
  threads: number,
): Promise<Runner> {
  await registerGradients()
  wasm.setThreadsCount(threads)
  if (!(await library.setBackend('wasm'))) throw new Error('the wasm backend does not start')
  const hasThreads = library.env().getBool('WASM_HAS_MULTITHREAD_SUPPORT')
  if (threads > 1 && !hasThreads) throw new Error('the wasm backend has no threads in Node')
  const simd = library.env().getBool('WASM_HAS_SIMD_SUPPORT') ? 'SIMD' : 'no SIMD'
  const x = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, toTensor(input)]))
  const session = typeof program === 'function' ? stateless(program, x) : await program.prepare(x, library)
  return sessionRunner(`${wasm.version_wasm} (wasm, ${simd})`, session)
}

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
