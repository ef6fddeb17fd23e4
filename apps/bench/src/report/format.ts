import type { Adapter } from '../gpu/adapter.ts'
import type { CaseResult, Check } from '../run/case-result.ts'

/** A number with three digits that count. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en')
  return Number(value.toPrecision(3)).toString()
}

/** A time with its unit. */
export function duration(ms: number): string {
  if (ms < 1) return `${digits(ms * 1000)} us`
  return ms < 10_000 ? `${digits(ms)} ms` : `${digits(ms / 1000)} s`
}

/** A number of bytes with its unit. */
export function byteSize(bytes: number): string {
  if (bytes < 2 ** 10) return `${bytes} B`
  return bytes < 2 ** 20 ? `${digits(bytes / 2 ** 10)} KiB` : `${digits(bytes / 2 ** 20)} MiB`
}

/** What is known of our side beside its times, in words. */
export function remarks(result: CaseResult): string[] {
  const ours = result.participants.ours
  const parts: string[] = []
  const { ofAdapter = {} } = result
  if (result.gflops !== undefined) parts.push(`${digits(result.gflops)} GFLOP/s${shareText(ofAdapter.gflops)}`)
  if (result.gigabytes !== undefined) parts.push(`${digits(result.gigabytes)} GB/s${shareText(ofAdapter.gigabytes)}`)
  if (result.guideMs !== undefined) parts.push(`guide ${duration(result.guideMs)}`)
  if (ours?.firstMs !== undefined) {
    const guide = result.guideFirstMs === undefined ? '' : ` (guide ${duration(result.guideFirstMs)})`
    parts.push(`first ${duration(ours.firstMs)}${guide}`)
  }
  if (ours?.bytes)
    parts.push(`peak ${byteSize(ours.bytes.peak)}, ${byteSize(ours.bytes.peak - ours.bytes.base)} beside the inputs`)
  const others = result.checks.filter(({ what, reached }) => reached !== null && !what.startsWith('ratio'))
  return [...parts, ...others.map(checkText)]
}

const shareText = (share: number | undefined): string =>
  share === undefined ? '' : `, ${digits(100 * share)} % of the adapter's`

/** A GPU in words. */
export function adapterText({ name, isSoftware, copyGBs, fmaGflops }: Adapter): string {
  const limits = `${copyGBs} GB/s copied, ${fmaGflops} GFLOP/s of multiply-adds`
  const software = ' A processor plays it: inputs are small, times say little, and what counts is what is asked of it.'
  return `GPU: ${name}, ${limits}.${isSoftware ? software : ''}`
}

/** A bound in words, such as `ratio to tfjs 1.21, at least 1.4`. */
export function checkText({ what, reached, bound, atLeast, note }: Check): string {
  const value = reached === null ? `not measured${note ? ` (${note})` : ''}` : digitsOrBytes(what, reached)
  return `${what} ${value}, ${atLeast ? 'at least' : 'at most'} ${digitsOrBytes(what, bound)}`
}

const digitsOrBytes = (what: string, value: number): string =>
  what === 'bytes beside the inputs' ? byteSize(value) : digits(value)

/** Bounds that were measured and not met, with the case they belong to. */
export function missedChecks(cases: readonly CaseResult[]): { case: string; check: Check }[] {
  return cases.flatMap(result => result.checks.filter(check => !check.met).map(check => ({ case: result.case, check })))
}

/** Why our own side of a case has no times; null where it has, or where the case was skipped. */
export const ownProblem = ({ participants }: CaseResult): string | null => participants.ours?.problem ?? null

/** One line for every participant without times: who and why. */
export function problemsOf({ participants }: CaseResult): string[] {
  return Object.entries(participants).flatMap(([name, { times, problem }]) =>
    times ? [] : [`${name}: ${problem ?? 'gave no times'}`],
  )
}
