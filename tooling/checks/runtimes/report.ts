import type { Report } from './program/program.ts'

/** What must be true of a report. */
export interface Expectations {
  /** Whether a second thread must have been at work, or cannot have been. */
  readonly helped: boolean
  /** Bits of deterministic results, which are the same everywhere. */
  readonly deterministic: string
}

/** What is wrong with a report, one line each, with `where` in front. */
export function reportProblems(where: string, report: Report, { helped, deterministic }: Expectations): string[] {
  const { bits } = report
  const threads = helped ? 2 : 1
  const found = [
    ...report.problems,
    ...(bits.two === bits.one ? [] : [`two threads give other bits (${bits.two}) than one (${bits.one})`]),
    ...(bits.deterministic === deterministic
      ? []
      : [`deterministic results have bits ${bits.deterministic}, not ${deterministic}`]),
    ...(report.threads === threads ? [] : [`${report.threads} threads were at work, not ${threads}`]),
    ...(report.helped > 0 === helped ? [] : [`helper threads have done ${report.helped} stretches of work`]),
  ]
  return found.map(line => `${where}: ${line}`)
}
