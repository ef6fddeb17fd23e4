import type { CaseResult } from '../run/case-result.ts'
import { digits, duration } from './format.ts'

/** The columns of {@link rowsOf}. */
export const columns = ['', 'minimum', 'median', 'spread', 'ratio', 'asked', 'version'] as const

/** One row of text for every participant of a case. */
export interface Row {
  readonly cells: readonly string[]
  /** Whether the ratio is as asked; null where nothing is asked or nothing was measured. */
  readonly met: boolean | null
}

/** A case as a table, ours first; a participant without times has dashes, see `problemsOf` for the reason. */
export function rowsOf({ participants, ratios, targets }: CaseResult): Row[] {
  return Object.entries(participants).map(([name, { times, version = '' }]) => {
    const target = targets[name]
    const asked = target === undefined ? '' : digits(target)
    if (!times) return { cells: [name, '-', '-', '-', '-', asked, version], met: null }
    const ratio = ratios[name]
    return {
      cells: [
        name,
        duration(times.minimum),
        duration(times.median),
        `${digits(times.spread * 100)} %`,
        ratio === undefined ? '' : digits(ratio),
        asked,
        version,
      ],
      met: target === undefined || ratio === undefined ? null : ratio >= target,
    }
  })
}
