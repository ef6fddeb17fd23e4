import type { Counts } from '../gpu/counts.ts'
import type { Machine } from '../machine/describe.ts'
import type { CaseResult } from '../run/case-result.ts'

/** A whole run. */
export interface Report {
  readonly name: string
  readonly machine: Machine
  readonly cases: readonly CaseResult[]
}

/** What `--json` prints. */
export interface JsonReport {
  readonly machine: Machine
  readonly cases: readonly JsonCase[]
}

/** A case in {@link JsonReport}: least milliseconds of everybody, peer's time by ours, and what is asked for. */
export interface JsonCase {
  readonly case: string
  readonly ms: Readonly<Record<string, number>>
  readonly ratios: Readonly<Record<string, number>>
  readonly targets: Readonly<Record<string, number>>
  readonly peakBytes: number | null
  /** What one evaluation of everybody asks of a GPU; absent on other devices. */
  readonly counts?: Readonly<Record<string, Counts>>
}

/** The short form of a report; who has no times is absent from `ms`. */
export function toJson({ machine, cases }: Report): JsonReport {
  return {
    machine,
    cases: cases.map(({ case: name, participants, ratios, targets, peakBytes }) => ({
      case: name,
      ms: Object.fromEntries(
        Object.entries(participants).flatMap(([who, { times }]) => (times ? [[who, times.minimum]] : [])),
      ),
      ratios,
      targets,
      peakBytes,
      ...countsOf(participants),
    })),
  }
}

function countsOf(participants: CaseResult['participants']): Pick<JsonCase, 'counts'> {
  const counted = Object.entries(participants).flatMap(([who, { counts }]) => (counts ? [[who, counts] as const] : []))
  return counted.length > 0 ? { counts: Object.fromEntries(counted) } : {}
}
