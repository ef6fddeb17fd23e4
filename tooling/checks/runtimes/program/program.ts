import { setDeterministic, setThreads, type Tensor, tensor, threadUse } from '@surprisal/tensor'
import { cases as allCases, type Case } from './cases.ts'
import { numbers } from './loops.ts'

/** What a runtime has made of the program. */
export interface Report {
  /** Results that are not what the loops say, one line each. */
  readonly problems: string[]
  /** Digests of all results together: those of two threads, where there are two, must be those of one. */
  readonly bits: { readonly one: string; readonly two: string; readonly deterministic: string }
  /** Threads that were at work when two were asked for, and stretches of kernels that the second has done. */
  readonly threads: number
  readonly helped: number
}

/** Computes all cases in several ways. */
export async function runProgram(cases: readonly Case[] = allCases): Promise<Report> {
  const problems: string[] = []
  const computeAll = (how: string) => compute(cases, how, problems)
  setThreads(1)
  const one = await computeAll('one thread')
  setThreads(2, { eager: true })
  const two = await computeAll('two threads')
  await waitForHelp()
  const { threads, helped } = threadUse()
  setDeterministic(true)
  const deterministic = await computeAll('deterministic')
  setDeterministic(false)
  return { problems, bits: { one, two, deterministic }, threads, helped }
}

async function compute(cases: readonly Case[], how: string, problems: string[]): Promise<string> {
  let digest = 0
  for (const { name, compute, expected } of cases) {
    const result = await compute().data()
    digest = addBits(digest, new Uint8Array(result.buffer, result.byteOffset, result.byteLength))
    const want = expected()
    const wrong = want.findIndex((value, i) => !(Math.abs(result[i] - value) <= 1e-5 + 1e-4 * Math.abs(value)))
    if (result.length !== want.length) problems.push(`${name}, ${how}: ${result.length} numbers, not ${want.length}`)
    else if (wrong >= 0) problems.push(`${name}, ${how}: [${wrong}] is ${result[wrong]}, not ${want[wrong]}`)
  }
  return (digest >>> 0).toString(16)
}

/** FNV-1a. */
function addBits(digest: number, bytes: Uint8Array): number {
  let hash = digest
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash
}

/** A plan that takes one thread some tenths of a second, about half of it one kernel; new at each call. */
function longPlan(): Tensor {
  const side = 1280
  const x = tensor(numbers(side * side, 6), { shape: [side, side] })
  return x.matmul(x.softmax()).tanh().matmul(x).sum({ dim: 0 })
}

/** A helper takes a while to start; where none can, the first failure shows it. */
async function waitForHelp(): Promise<void> {
  const limit = performance.now() + 10_000
  while (threadUse().threads > 1 && threadUse().helped === 0 && performance.now() < limit) await longPlan().data()
}

/**
 * The longest time in milliseconds for which an asynchronous read keeps timers waiting: the best of some attempts,
 * since other processes hold up this one as well.
 */
export async function longestPause(threads: number): Promise<number> {
  setThreads(threads)
  let best = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < 6; attempt++) {
    const plan = longPlan()
    await pause()
    best = Math.min(best, await longestWait(plan.data()))
  }
  return best
}

async function longestWait(work: Promise<unknown>): Promise<number> {
  let isDone = false
  const done = work.then(() => {
    isDone = true
  })
  let longest = 0
  while (!isDone) {
    const before = performance.now()
    await pause()
    longest = Math.max(longest, performance.now() - before)
  }
  await done
  return longest
}

const pause = () => new Promise(resolve => setTimeout(resolve))
