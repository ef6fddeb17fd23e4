import { readFileSync } from 'node:fs'
import * as library from '@surprisal/tensor'
import type { OwnProgram, Session } from '../case/bench-case.ts'
import type { Input } from '../case/inputs.ts'
import type { CountedGpu } from '../gpu/counted-gpu.ts'
import { type Runner, sessionRunner } from '../process/runner.ts'

type SetThreads = (threads: number) => unknown

/** How our side computes. */
export interface OwnOptions {
  readonly threads: number
  /** Null for wasm. */
  readonly gpu: CountedGpu | null
  /** On a GPU: whether kernels do more than one primitive each. @default true */
  readonly fusion?: boolean
}

/**
 * This project.
 *
 * @throws Error where more than one thread is asked for and the library has none
 */
export async function startOurs(
  program: OwnProgram,
  inputs: Readonly<Record<string, Input>>,
  { threads, gpu, fusion }: OwnOptions,
): Promise<Runner> {
  if (gpu) await useGpu(gpu.gpu, fusion)
  await library.ready()
  const setThreads = 'setThreads' in library ? (library.setThreads as SetThreads) : undefined
  if (threads > 1 && !setThreads) throw new Error('@surprisal/tensor has no setThreads yet')
  await setThreads?.(threads)
  const x = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape, dtype }]) => [name, library.tensor(data, { shape, dtype })]),
  )
  const base = library.memory().live
  let held = base
  const hold = () => {
    held = library.memory().live
  }
  const session = typeof program === 'function' ? stateless(program, x, hold) : await program.prepare(x, library)
  if (gpu) return sessionRunner(`${versionOf()} (webgpu${fusion === false ? ', no fusion' : ''})`, session, gpu)
  return sessionRunner(versionOf(), session, { bytes: () => ({ base, held, peak: library.memory().peak }) })
}

async function useGpu(gpu: GPU, fusion: boolean | undefined): Promise<void> {
  const { createRuntime, registerBackend } = await import('@surprisal/webgpu-runtime')
  registerBackend(await createRuntime({ gpu }), { fusion })
  library.setDefaultDevice('webgpu')
}

type OwnFunction = Extract<OwnProgram, (...args: never[]) => unknown>

/** Calls `hold` while the results of one evaluation are alive. */
function stateless(program: OwnFunction, x: Readonly<Record<string, library.Tensor>>, hold: () => void): Session {
  const evaluate = async () => {
    const outputs = [program(x, library)].flat() as library.Tensor[]
    await library.realize(outputs)
    return outputs
  }
  const dispose = (outputs: readonly library.Tensor[]) => {
    for (const output of outputs) output.dispose()
  }
  return {
    async run() {
      dispose(await evaluate())
    },
    async results() {
      const outputs = await evaluate()
      hold()
      const numbers = await Promise.all(outputs.map(output => output.data()))
      dispose(outputs)
      return numbers
    },
  }
}

function versionOf(): string {
  const manifest = new URL('../package.json', import.meta.resolve('@surprisal/tensor'))
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}
