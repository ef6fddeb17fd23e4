import type { BenchCase } from '../case/bench-case.ts'
import { countNames } from '../gpu/counts.ts'
import type { MachineLimits } from '../machine/limits.ts'
import type { CaseResult, Check, ParticipantResult } from './case-result.ts'

/** The part of a result that checks look at. */
export type Measured = Pick<CaseResult, 'ratios' | 'gflops' | 'gigabytes'> & {
  readonly participants: Readonly<Record<string, ParticipantResult>>
}

/**
 * Every bound of a case, met or not. A bound on a participant that could not be measured is met: a peer that fails is
 * no fault of ours, and the note says why.
 *
 * @param slack factor of the bounds on speed, below 1 for short runs on busy machines
 */
export function checksOf(benchCase: BenchCase, measured: Measured, machine: MachineLimits, slack = 1): Check[] {
  return [
    ...speedChecks(benchCase, measured, machine, slack),
    ...byteChecks(benchCase, measured),
    ...countChecks(benchCase, measured),
  ]
}

function speedChecks(benchCase: BenchCase, measured: Measured, machine: MachineLimits, slack: number): Check[] {
  const { targets = {}, limits = {} } = benchCase
  const { participants, ratios } = measured
  const most = mostOf(benchCase, machine)
  const checks = Object.entries(targets).map(([name, bound]) =>
    atLeast(`ratio to ${name}`, ratios[name], bound * slack, participants[name]?.problem),
  )
  if (limits.compute !== undefined)
    checks.push(atLeast('part of the multiply-adds', part(measured.gflops, most.gflops), limits.compute * slack))
  if (limits.stream !== undefined)
    checks.push(atLeast('part of the bytes copied', part(measured.gigabytes, most.gigabytes), limits.stream * slack))
  return checks
}

/** What the device of a case does at most in a second. */
export const mostOf = ({ device }: BenchCase, { gflops, gigabytes, adapter }: MachineLimits) =>
  device === 'webgpu' ? { gflops: adapter?.fmaGflops, gigabytes: adapter?.copyGBs } : { gflops, gigabytes }

function byteChecks({ limits = {} }: BenchCase, { participants }: Measured): Check[] {
  const checks: Check[] = []
  const bytes = participants.ours?.bytes
  if (limits.extraBytes !== undefined)
    checks.push(atMost('bytes beside the inputs', bytes ? bytes.peak - bytes.base : undefined, limits.extraBytes))
  if (limits.temporaryBytesOf !== undefined) {
    const { variant, atMost: bound } = limits.temporaryBytesOf
    const others = participants[variant]?.bytes
    const share = bytes && others ? (bytes.peak - bytes.held) / (others.peak - bytes.held) : undefined
    checks.push(atMost(`temporary bytes by those of ${variant}`, share, bound))
  }
  return checks
}

function countChecks({ limits = {} }: BenchCase, { participants }: Measured): Check[] {
  const ours = participants.ours?.counts
  const most = countNames.flatMap(name => {
    const bound = limits.counts?.[name]
    return bound === undefined ? [] : [atMost(`${name} of an evaluation`, ours?.[name], bound)]
  })
  const others = Object.entries(limits.dispatchesOf ?? {}).map(([name, bound]) => {
    const { counts, problem } = participants[name] ?? {}
    return atLeast(`dispatches of ${name} by ours`, part(counts?.dispatches, ours?.dispatches), bound, problem)
  })
  return [...most, ...others]
}

const part = (value: number | undefined, whole: number | undefined): number | undefined =>
  value === undefined || whole === undefined ? undefined : value / whole

function atLeast(what: string, reached: number | undefined, bound: number, note?: string): Check {
  return {
    what,
    reached: reached ?? null,
    bound,
    atLeast: true,
    met: !(reached !== undefined && reached < bound),
    note,
  }
}

function atMost(what: string, reached: number | undefined, bound: number): Check {
  return { what, reached: reached ?? null, bound, atLeast: false, met: !(reached !== undefined && reached > bound) }
}
