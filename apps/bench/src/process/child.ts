import { readBenchFile } from '../case/read-bench-file.ts'
import type { Answer, Job, Request } from './protocol.ts'
import type { Runner } from './runner.ts'
import { startRunner } from './start-runner.ts'

const job = JSON.parse(process.argv[2]) as Job

const send = (answer: Answer): void => {
  process.send?.(answer)
}

function fail(error: unknown): void {
  const problem = error instanceof Error ? error.message : String(error)
  process.send?.({ kind: 'failed', problem } satisfies Answer, undefined, undefined, () => process.exit(1))
}

async function answer(runner: Runner, request: Request): Promise<void> {
  if (request.kind === 'first') send({ kind: 'first', first: await runner.first() })
  else if (request.kind === 'round') send({ kind: 'round', runs: await runner.round(request.ms) })
  else if (request.kind === 'counts') send({ kind: 'counts', counts: (await runner.counts?.()) ?? null })
  else send({ kind: 'bytes', bytes: runner.bytes() })
}

try {
  const cases = await readBenchFile(job.file)
  const benchCase = cases.find(one => one.case === job.case)
  if (!benchCase) throw new Error(`${job.file} has no case ${job.case}`)
  const runner = await startRunner(benchCase, job.participant, job.threads, job.isSoftware)
  process.on('message', (request: Request) => answer(runner, request).catch(fail))
  process.on('disconnect', () => {
    runner.close?.()
    process.exit(0)
  })
  send({ kind: 'started', version: runner.version })
} catch (error) {
  fail(error)
}
