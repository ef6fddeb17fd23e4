import type { CaseResult } from '../run/case-result.ts'
import { adapterText, checkText, missedChecks, problemsOf, remarks } from './format.ts'
import type { Report } from './json.ts'
import { ratiosPlot, timesPlot } from './plots.ts'
import { columnsOf, rowsOf } from './rows.ts'

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, letter => escapes[letter])

const style = `
:root { color-scheme: light; font: 15px/1.5 system-ui, sans-serif; color: #1c2430; background: #fff }
body { max-width: 900px; margin: 2rem auto; padding: 0 1rem }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.1rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .6rem; border-bottom: 1px solid #e3e7ee; text-align: right }
th:first-child, td:first-child, th:last-child, td:last-child { text-align: left }
tr.missed td { background: #fbeae6 } tr.met td { background: #eaf5ee }
svg { max-width: 100%; height: auto } .small { color: #5a6675 }
`

/** A report as a page without scripts that opens from a file. */
export function html(report: Report): string {
  const { machine, cases } = report
  const missed = missedChecks(cases).map(one => `<li>${escapeHtml(`${one.case}: ${checkText(one.check)}`)}</li>`)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Benchmarks: ${escapeHtml(report.name)}</title>
<style>${style}</style>
<h1>Benchmarks: ${escapeHtml(report.name)}</h1>
<p>${escapeHtml(`${machine.date.slice(0, 10)}, ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.load}.`)}
Limits of one core within wasm: ${machine.copyGBs} GB/s copied (bytes read and written), ${machine.fmaGflops} GFLOP/s of
multiply-adds. Ratio: minimum of the other divided by our minimum.</p>${machine.adapter ? `<p>${escapeHtml(adapterText(machine.adapter))}</p>` : ''}
${ratiosPlot(cases)}
<h2>Not reached</h2>
${missed.length > 0 ? `<ul>${missed.join('')}</ul>` : '<p>Everything asked for that was measured is reached.</p>'}
${cases.map(caseSection).join('\n')}
</html>
`
}

function caseSection(result: CaseResult): string {
  const title = `<h2>${escapeHtml(result.case)}${result.threads > 1 ? `, ${result.threads} threads` : ''}</h2>`
  if (result.skipped) return `${title}<p>Skipped: ${escapeHtml(result.skipped)}.</p>`
  const head = columnsOf(result)
    .map(name => `<th>${name}</th>`)
    .join('')
  const rows = rowsOf(result).map(({ cells, met }) => {
    const state = met === null ? '' : met ? ' class="met"' : ' class="missed"'
    return `<tr${state}>${cells.map(cell => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`
  })
  const table = `<table><tr>${head}</tr>${rows.join('')}</table>`
  const notes = [...problemsOf(result), remarks(result).join('; ')].map(
    note => `<p class="small">${escapeHtml(note)}</p>`,
  )
  return [title, timesPlot(result), table, ...notes].join('\n')
}
