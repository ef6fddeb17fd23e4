import { type Proof, type ProofOptions, prove } from './prove.ts'

/** What a page offers to the check that drives it. */
export interface PageProgram {
  run(options: ProofOptions): Promise<Proof>
  runInWorker(options: ProofOptions): Promise<Proof>
}

function runInWorker(options: ProofOptions): Promise<Proof> {
  const worker = new Worker('/worker.js', { type: 'module' })
  worker.postMessage(options)
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.proof ? resolve(data.proof) : reject(new Error(data.error)))
    worker.onerror = event => reject(new Error(event.message || 'the worker did not start'))
  })
}

const program: PageProgram = { run: options => prove(options), runInWorker }
Object.assign(globalThis, { program })
