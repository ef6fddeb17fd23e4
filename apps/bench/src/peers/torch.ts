import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Input } from '../case/inputs.ts'
import type { Runner } from '../process/runner.ts'
import { findPython } from './find-python.ts'

const script = fileURLToPath(new URL('./torch_peer.py', import.meta.url))

/**
 * PyTorch on the CPU, in a Python of its own.
 *
 * @throws Error where no Python has torch, or the program fails
 */
export async function startTorch(
  program: string,
  inputs: Readonly<Record<string, Input>>,
  threads: number,
): Promise<Runner> {
  const interpreter = await findPython()
  const folder = mkdtempSync(join(tmpdir(), 'surprisal-bench-'))
  const files = Object.entries(inputs).map(([name, { data, shape, dtype }]) => {
    const file = join(folder, name)
    writeFileSync(file, data)
    return [name, { file, shape, dtype }] as const
  })
  const python = spawn(interpreter, [script], { stdio: ['pipe', 'pipe', 'pipe'] })
  const close = () => {
    python.kill()
    rmSync(folder, { recursive: true, force: true })
  }
  const answers = createInterface(python.stdout)[Symbol.asyncIterator]()
  let complaints = ''
  python.stderr.on('data', chunk => {
    complaints += chunk
  })
  const failed = new Promise<never>((_, reject) => {
    python.once('error', error => reject(error))
    python.once('close', code => {
      const lastLine = complaints.trimEnd().split('\n').at(-1)
      reject(new Error(lastLine || `python ended with exit code ${code}`))
    })
  })
  failed.catch(close)
  python.stdin.on('error', () => {})
  const ask = async <T>(message: unknown): Promise<T> => {
    python.stdin.write(`${JSON.stringify(message)}\n`)
    const line = await Promise.race([answers.next().then(answer => (answer.done ? failed : answer.value)), failed])
    return JSON.parse(line) as T
  }

  const { version } = await ask<{ version: string }>({ inputs: Object.fromEntries(files), program, threads, folder })
  return {
    version,
    bytes: () => null,
    close,
    async first() {
      const answer = await ask<{ ms: number; files: string[] }>({ kind: 'first' })
      const numbers = answer.files.map(file => new Float32Array(Uint8Array.from(readFileSync(file)).buffer))
      return { ms: answer.ms, results: numbers }
    },
    round: ms => ask<number[]>({ kind: 'round', ms }),
  }
}
