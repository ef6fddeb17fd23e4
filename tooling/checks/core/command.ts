import { spawn } from 'node:child_process'
import type { Outcome } from './check.ts'
import { root } from './files.ts'

export interface CommandOptions {
  /** Folder to run in. @default the root of the project */
  cwd?: string
  env?: Record<string, string>
  /** Ends the command after so many seconds. @default 600 */
  seconds?: number
}

export interface CommandResult extends Outcome {
  /** Standard output alone; `output` holds it and standard error as they came. */
  stdout: string
}

/** Runs a program to its end and keeps what it prints; never rejects. */
export function command(program: string, args: string[], options: CommandOptions = {}): Promise<CommandResult> {
  const { cwd = root, env = {}, seconds = 600 } = options
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: seconds * 1000,
  })
  let stdout = ''
  let output = ''
  child.stdout.setEncoding('utf8').on('data', chunk => {
    stdout += chunk
    output += chunk
  })
  child.stderr.setEncoding('utf8').on('data', chunk => {
    output += chunk
  })
  return new Promise(resolve => {
    child.on('error', error => resolve({ ok: false, stdout, output: `${output}${program}: ${error.message}` }))
    child.on('close', (code, signal) => {
      if (signal) output += `\n${program} was ended by ${signal} (limit ${seconds} s)`
      resolve({ ok: code === 0, stdout, output: output.trimEnd() })
    })
  })
}
