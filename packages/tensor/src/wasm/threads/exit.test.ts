import { spawn } from 'node:child_process'
import { expect, it } from 'vitest'

const fixture = new URL('./__fixtures__/pool.ts', import.meta.url)

const start = `
const { addPool } = await import(${JSON.stringify(fixture.href)})
const { threads, run } = addPool(2)
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds))
`

/** Runs a program and tells how it ended: `[exit code, signal, output]`; `onOutput` sees the process. */
function run(program: string, onOutput: (kill: (signal: NodeJS.Signals) => void) => void = () => {}) {
  const options = ['--conditions=@surprisal/source', '--input-type=module', '--no-warnings', '-e', start + program]
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] })
  const limit = setTimeout(() => child.kill('SIGKILL'), 15_000)
  let output = ''
  child.stdout.on('data', data => {
    output += data
    onOutput(signal => child.kill(signal))
  })
  return new Promise(resolve => {
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      resolve([code, signal, output])
    })
  })
}

it('a process ends by itself while helpers sleep', async () => {
  expect(await run(`run(1, 100, 1); await pause(200); console.log(threads.count)`)).toEqual([0, null, '3\n'])
})

it('a process ends by itself while helpers start or spin', async () => {
  expect(await run(`run(1, 100, 1); console.log('end')`)).toEqual([0, null, 'end\n'])
  expect(await run(`await pause(200); run(1, 100, 1); console.log('end')`)).toEqual([0, null, 'end\n'])
})

it('an interrupt ends a process in the middle of commands', async () => {
  const program = `await pause(100); console.log('go'); for (;;) run(1, 1000, 1)`
  expect(await run(program, kill => kill('SIGINT'))).toEqual([null, 'SIGINT', 'go\n'])
})
