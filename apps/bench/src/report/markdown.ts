import type { CaseResult } from '../run/case-result.ts'
import { adapterText, checkText, missedChecks, problemsOf, remarks } from './format.ts'
import type { Report } from './json.ts'
import { columnsOf, rowsOf } from './rows.ts'

const line = (cells: readonly string[]): string => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`

/** A report as Markdown. */
export function markdown(report: Report): string {
  const { machine, cases } = report
  return [
    `# Benchmarks: ${report.name}`,
    `${machine.date.slice(0, 10)}, ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.load}. ` +
      `Limits of one core within wasm: ${machine.copyGBs} GB/s copied (bytes read and written), ` +
      `${machine.fmaGflops} GFLOP/s of multiply-adds. Ratio: minimum of the other divided by our minimum.`,
    ...(machine.adapter ? [`${adapterText(machine.adapter)}`] : []),
    ...cases.map(caseSection),
    missedSection(cases),
    '',
  ].join('\n\n')
}

function caseSection(result: CaseResult): string {
  const title = `## ${result.case}${result.threads > 1 ? `, ${result.threads} threads` : ''}`
  if (result.skipped) return `${title}\n\nSkipped: ${result.skipped}.`
  const columns = columnsOf(result)
  const table = [columns, columns.map(() => '---'), ...rowsOf(result).map(row => row.cells)].map(line).join('\n')
  const problems = problemsOf(result).map(problem => `${problem}.`)
  return [title, table, ...problems, remarks(result).join('; ')].filter(Boolean).join('\n\n')
}

function missedSection(cases: readonly CaseResult[]): string {
  const missed = missedChecks(cases)
  const lines = missed.map(one => `- ${one.case}: ${checkText(one.check)}`)
  return `## Not reached\n\n${lines.length > 0 ? lines.join('\n') : 'Everything asked for that was measured is reached.'}`
}
