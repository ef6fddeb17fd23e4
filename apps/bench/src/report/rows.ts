import { countNames } from '../gpu/counts.ts'
import type { CaseResult } from '../run/case-result.ts'
import { digits, duration } from './format.ts'

/** The columns of {@link rowsOf}; what was asked of a GPU has columns where it was counted. */
export const columnsOf = (result: CaseResult): string[] => [
  '',
  'minimum',
  'median',
  'spread',
  'ratio',
  'asked',
  ...(isCounted(result) ? countNames : []),
  'version',
]

/** Place of the ratio in {@link columnsOf}. */
export const ratioColumn = 4

const isCounted = ({ participants }: CaseResult): boolean => Object.values(participants).some(({ counts }) => counts)

/** One row of text for every participant of a case. */
export interface Row {
  readonly cells: readonly string[]
  /** Whether the ratio is as asked; null where nothing is asked or nothing was measured. */
  readonly met: boolean | null
}

/** A case as a table, ours first; a participant without times has dashes, see `problemsOf` for the reason. */
export function rowsOf(result: CaseResult): Row[] {
  const { participants, ratios, targets } = result
  const counted = isCounted(result) ? countNames : []
  return Object.entries(participants).map(([name, { times, counts, version = '' }]) => {
    const target = targets[name]
    const asked = target === undefined ? '' : digits(target)
    const amounts = counted.map(what => (counts ? digits(counts[what]) : '-'))
    if (!times) return { cells: [name, '-', '-', '-', '-', asked, ...amounts, version], met: null }
    const ratio = ratios[name]
    return {
      cells: [
        name,
        duration(times.minimum),
        duration(times.median),
        `${digits(times.spread * 100)} %`,
        ratio === undefined ? '' : digits(ratio),
        asked,
        ...amounts,
        version,
      ],
      met: target === undefined || ratio === undefined ? null : ratio >= target,
    }
  })
}
