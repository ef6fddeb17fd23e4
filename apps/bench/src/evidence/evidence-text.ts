import Table from 'cli-table3'
import type { Colors } from '../terminal/tables.ts'
import type { Evidence, Verdict } from './experiment.ts'

const numberText = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(4))
const colorOf = (verdict: Verdict, { green, yellow, red }: Colors) =>
  ({ holds: green, mixed: yellow, 'does not hold': red })[verdict]

/** An experiment for the terminal. */
export function evidenceText(evidence: Evidence, colors: Colors): string {
  const { slug, claim, baseline, seeds, margin, verdict, seconds } = evidence
  const details = Object.keys(seeds[0]?.details ?? {})
  const table = new Table({
    head: ['seed', 'method', 'baseline', 'holds', ...details],
    colAligns: ['right', 'right', 'right', 'left', ...details.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  })
  for (const { seed, method, baseline: base, holds, details: more = {} } of seeds)
    table.push([
      seed,
      numberText(method),
      numberText(base),
      holds ? 'yes' : 'no',
      ...details.map(name => numberText(more[name] ?? Number.NaN)),
    ])
  return [
    `${colors.bold(slug)}: ${colorOf(verdict, colors)(verdict)}`,
    `  claim: ${claim}`,
    `  against: ${baseline} (smaller is better)`,
    table.toString(),
    `  better by ${(100 * margin).toFixed(1)} % on average, in ${seconds.toFixed(0)} s`,
  ].join('\n')
}
