import { readFileSync } from 'node:fs'
import * as library from '@jax-js/jax'
import type { JaxProgram, Session } from '../case/bench-case.ts'
import type { Input } from '../case/inputs.ts'
import type { CountedGpu } from '../gpu/counted-gpu.ts'
import { type Runner, sessionRunner } from '../process/runner.ts'

/**
 * jax-js on its wasm or WebGPU device; functions are compiled by `jit`.
 *
 * @throws Error where the device is not there, or more than one thread is asked for
 */
export async function startJax(
  program: JaxProgram,
  inputs: Readonly<Record<string, Input>>,
  threads: number,
  gpu: CountedGpu | null,
): Promise<Runner> {
  const device = gpu ? 'webgpu' : 'wasm'
  if (!(await library.init(device)).includes(device)) throw new Error(`the ${device} device does not start`)
  library.defaultDevice(device)
  if (threads > 1 && typeof Worker === 'undefined') throw new Error('has threads only where there are web workers')
  const x = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, toArray(input)]))
  const session = typeof program === 'function' ? stateless(program, x) : await program.prepare(x, library)
  return sessionRunner(`${versionOf()} (${device}, jit)`, session, { counts: gpu?.counts })
}

function toArray({ data, shape, dtype }: Input): library.Array {
  if (dtype === 'int8') throw new Error('has no int8')
  return library.numpy.array(data as Float32Array<ArrayBuffer>, { shape: [...shape], dtype: library.numpy[dtype] })
}

type JaxFunction = Extract<JaxProgram, (...args: never[]) => unknown>

function stateless(program: JaxFunction, x: Readonly<Record<string, library.Array>>): Session {
  const names = Object.keys(x)
  const compiled = library.jit(
    (...values: library.Array[]) =>
      [program(Object.fromEntries(names.map((name, i) => [name, values[i]])), library)].flat() as library.Array[],
  )
  const evaluate = () => compiled(...names.map(name => x[name].ref))
  return {
    async run() {
      const outputs = evaluate()
      await library.blockUntilReady(outputs)
      for (const output of outputs) output.dispose()
    },
    results: () => Promise.all(evaluate().map(output => output.data())),
  }
}

function versionOf(): string {
  const manifest = new URL('../package.json', import.meta.resolve('@jax-js/jax'))
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}
