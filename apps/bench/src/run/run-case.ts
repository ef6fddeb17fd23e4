import * as tensor from '@surprisal/tensor'
import type { BenchCase } from '../case/bench-case.ts'
import { participantsOf } from '../case/define-bench.ts'
import type { FoundCase } from '../case/discover.ts'
import type { Counts } from '../gpu/counts.ts'
import { idleCores } from '../machine/idle-cores.ts'
import type { MachineLimits } from '../machine/limits.ts'
import { type Participant, processParticipant } from '../process/participant.ts'
import type { Bytes, First } from '../process/runner.ts'
import type { CaseResult, ParticipantResult } from './case-result.ts'
import { checksOf, mostOf } from './checks.ts'
import { firstDifference } from './compare.ts'
import { interleave, type RoundOptions } from './rounds.ts'
import { summarize } from './statistics.ts'

/** How a case is run. */
export interface RunOptions extends RoundOptions {
  /** Threads of all participants. @default what the case says, else 1 */
  readonly threads?: number
  /** Factor of the bounds on speed. @default 1 */
  readonly slack?: number
  /** Makes a participant; for tests. @default a process each */
  readonly start?: (benchCase: FoundCase, name: string, threads: number, isSoftware: boolean) => Participant
  /** Tells how many cores have nothing to do. @default looks at the machine */
  readonly idle?: () => Promise<number>
  /** Hears of every step. */
  readonly say?: (step: string) => void
}

/** A participant that has evaluated once. */
interface Ready {
  readonly participant: Participant
  readonly version: string
  readonly first: First
  readonly counts?: Counts
}

const inProcess: NonNullable<RunOptions['start']> = ({ file, benchCase }, participant, threads, isSoftware) =>
  processParticipant({ file, case: benchCase.case, participant, threads, isSoftware })

/** Where a processor plays the GPU, an evaluation may take seconds and tells little: a quarter of the rounds is enough. */
const softwareRounds = (rounds = 12) => ({ rounds: Math.ceil(rounds / 4), roundMs: 1, warmUpMs: 1 })

/** What is left of a case where a processor plays the GPU: other inputs, and nothing is asked of its speed. */
const withoutSpeed = (benchCase: BenchCase): BenchCase => ({ ...benchCase, targets: {}, work: {} })

/** Runs one case: starts everybody, compares their results, then measures in turns. */
export async function runCase(found: FoundCase, machine: MachineLimits, options: RunOptions = {}): Promise<CaseResult> {
  const { id } = found
  const { start = inProcess, say = () => {}, slack = 1 } = options
  const isSoftware = found.benchCase.device === 'webgpu' && machine.adapter?.isSoftware === true
  const benchCase = isSoftware ? withoutSpeed(found.benchCase) : found.benchCase
  const threads = options.threads ?? benchCase.threads ?? 1
  const base = { case: id, threads, targets: benchCase.targets ?? {} }
  const skipped = await reasonToSkip(benchCase, machine, options)
  if (skipped !== null) return { ...base, skipped, participants: {}, ratios: {}, checks: [], peakBytes: null }

  const participants = participantsOf(benchCase).map(name => start(found, name, threads, isSoftware))
  try {
    const { ready, problems } = await getReady(benchCase, participants, say)
    say('measures')
    const results = { ...(await measure(ready, isSoftware ? softwareRounds(options.rounds) : options)), ...problems }
    const ordered = participants.flatMap(({ name }) => (results[name] ? [[name, results[name]]] : []))
    return { ...base, ...conclude(benchCase, Object.fromEntries(ordered), machine, slack) }
  } finally {
    for (const participant of participants) participant.stop()
  }
}

/**
 * Of several threads nothing can be said where others use the cores: cases that ask for them wait for a quieter day,
 * unless whoever runs them asks for threads.
 */
async function reasonToSkip(
  { device, requires = [], threads = 1 }: BenchCase,
  machine: MachineLimits,
  options: RunOptions,
): Promise<string | null> {
  if (device === 'webgpu' && !machine.adapter) return 'there is no GPU adapter'
  const missing = requires.filter(name => !(name in tensor))
  if (missing.length > 0) return `@surprisal/tensor has no ${missing.join(', ')} yet`
  if (threads === 1 || options.threads !== undefined) return null
  const cores = await (options.idle ?? idleCores)()
  return cores < threads - 0.5 ? `${threads} threads need as many idle cores, there are ${cores.toFixed(1)}` : null
}

/** Starts all in turn; those that fail or give other results than ours are left out, with the reason. */
async function getReady(benchCase: BenchCase, participants: readonly Participant[], say: (step: string) => void) {
  const ready: Ready[] = []
  const problems: Record<string, ParticipantResult> = {}
  for (const participant of participants) {
    const { name } = participant
    say(`starts ${name}`)
    let version: string | undefined
    try {
      version = await participant.start()
      const first = await participant.first()
      const isCompared = ready.length > 0 && benchCase.variants?.[name]?.compared !== false
      const difference = isCompared ? firstDifference(ready[0].first.results, first.results, benchCase.tolerance) : null
      if (difference !== null) throw new Error(`other results than ours: ${difference}`)
      const counts = benchCase.device === 'webgpu' ? await participant.counts() : null
      const kept = isCompared ? { ...first, results: [] } : first
      ready.push({ participant, version, first: kept, ...(counts && { counts }) })
    } catch (error) {
      problems[name] = { version, problem: (error as Error).message }
      participant.stop()
      if (name === 'ours') break
    }
  }
  return { ready, problems }
}

async function measure(ready: readonly Ready[], options: RoundOptions): Promise<Record<string, ParticipantResult>> {
  const outcomes = await interleave(
    ready.map(({ participant }) => participant),
    options,
  )
  const results: Record<string, ParticipantResult> = {}
  for (const { participant, version, first, counts } of ready) {
    const outcome = outcomes.get(participant)
    const common = { version, firstMs: first.ms, ...(counts && { counts }) }
    if (!outcome || 'problem' in outcome) results[participant.name] = { ...common, problem: outcome?.problem }
    else {
      const bytes: Bytes | null = await participant.bytes().catch(() => null)
      results[participant.name] = { ...common, times: summarize(outcome.times), bytes }
    }
  }
  return results
}

function conclude(
  benchCase: BenchCase,
  participants: Readonly<Record<string, ParticipantResult>>,
  machine: MachineLimits,
  slack: number,
): Omit<CaseResult, 'case' | 'threads' | 'targets'> {
  const { limits = {}, work = {} } = benchCase
  const ours = participants.ours?.times?.minimum
  const ratios: Record<string, number> = {}
  for (const [name, { times }] of Object.entries(participants))
    if (name !== 'ours' && times && ours) ratios[name] = times.minimum / ours
  const perSecond = (amount: number | undefined) => (amount && ours ? amount / ours / 1e6 : undefined)
  const measured = { participants, ratios, gflops: perSecond(work.flops), gigabytes: perSecond(work.bytes) }
  const most = mostOf(benchCase, machine)
  const part = (value = Number.NaN, whole = Number.NaN) => (value / whole >= 0 ? value / whole : undefined)
  const ofAdapter = { gflops: part(measured.gflops, most.gflops), gigabytes: part(measured.gigabytes, most.gigabytes) }
  return {
    ...measured,
    ...(benchCase.device === 'webgpu' && { ofAdapter }),
    checks: checksOf(benchCase, measured, machine, slack),
    guideMs: limits.guideMs,
    guideFirstMs: limits.guideFirstMs,
    peakBytes: participants.ours?.bytes?.peak ?? null,
  }
}
