import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { root, workspaceEnvironment, workspaceNode } from './workspace.mjs'

/**
 * Runs a TypeScript file of the workspace in the foreground and ends this process the way that one ended.
 * @param cwd where it runs: for what takes paths, the folder in which the person typed the command
 */
export function runForeground(file, args, cwd = root) {
  const child = spawn(workspaceNode, ['--conditions=@surprisal/source', join(root, file), ...args], {
    cwd,
    env: workspaceEnvironment(),
    stdio: 'inherit',
  })
  // A terminal sends Ctrl-C to both processes; forwarding it as well would look like a second, impatient one.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', error => {
    console.error(`surprisal: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}
