import Table from 'cli-table3'
import type { createColors } from 'picocolors'
import { checkText, missedChecks, ownProblem, problemsOf, remarks } from '../report/format.ts'
import { columnsOf, ratioColumn, rowsOf } from '../report/rows.ts'
import type { CaseResult } from '../run/case-result.ts'

/** Functions that colour text. */
export type Colors = ReturnType<typeof createColors>

/** One case for the terminal. */
export function caseText(result: CaseResult, colors: Colors): string {
  const title = colors.bold(`${result.case}${result.threads > 1 ? `, ${result.threads} threads` : ''}`)
  if (result.skipped) return `${title}\n  skipped: ${result.skipped}`
  const columns = columnsOf(result)
  const table = new Table({
    head: columns,
    colAligns: columns.map((_, i) => (i === 0 || i === columns.length - 1 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  })
  for (const { cells, met } of rowsOf(result)) {
    table.push(cells.map((cell, i) => (i === ratioColumn && met !== null ? colorOf(met, colors)(cell) : cell)))
  }
  return [title, table.toString(), ...problemsOf(result).map(line => `  ${line}`), `  ${remarks(result).join('; ')}`]
    .filter(line => line.trim() !== '')
    .join('\n')
}

const colorOf = (met: boolean, colors: Colors) => (met ? colors.green : colors.red)

/** What was asked for and not reached, and what could not be measured on our side. */
export function summaryText(cases: readonly CaseResult[], colors: Colors): string {
  const checks = cases.flatMap(result => result.checks.filter(check => check.reached !== null))
  const missed = missedChecks(cases)
  const failed = cases.filter(result => ownProblem(result) !== null)
  const lines = [
    colors.bold(`${checks.length - missed.length} of ${checks.length} bounds that were measured are reached`),
    ...missed.map(one => `  ${colors.red('missed')} ${one.case}: ${checkText(one.check)}`),
    ...failed.map(result => `  ${colors.red('failed')} ${result.case}: ${ownProblem(result)}`),
  ]
  return lines.join('\n')
}
