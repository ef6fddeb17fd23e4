import { longestPause, type Report, runProgram } from './program.ts'

/** What a page offers to the test that drives it. */
export interface PageProgram {
  run(): Promise<Report>
  runInWorker(): Promise<Report>
  longestPause(threads: number): Promise<number>
}

function runInWorker(): Promise<Report> {
  const worker = new Worker('/worker.js', { type: 'module' })
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.report ? resolve(data.report) : reject(new Error(data.error)))
    worker.onerror = event => reject(new Error(event.message || 'the worker did not start'))
  })
}

const program: PageProgram = { run: runProgram, runInWorker, longestPause }
Object.assign(globalThis, { program })
