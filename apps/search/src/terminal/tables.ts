import asciichart from 'asciichart'
import Table from 'cli-table3'
import type { EvaluationSet, EvaluationTable, TrainingCurve } from '../server/types.ts'
import type { Colors } from './colors.ts'

const number = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1))

/** The comparison of all systems over one set of queries; the best value of each measure is bold. */
export function evaluationText({ queries, rows }: EvaluationSet, colors: Colors): string {
  const measures = Object.keys(rows[0]?.metrics ?? {})
  const table = new Table({
    head: ['system', ...measures, 'bytes/doc', 'queries/s'],
    colAligns: ['left', ...measures.map(() => 'right' as const), 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  const best = new Map(measures.map(measure => [measure, Math.max(...rows.map(row => row.metrics[measure]))]))
  for (const row of rows) {
    const values = measures.map(measure => {
      const text = row.metrics[measure].toFixed(3)
      return row.metrics[measure] === best.get(measure) ? colors.bold(text) : text
    })
    table.push([row.system, ...values, number(row.bytesPerDocument), number(row.queriesPerSecond)])
  }
  return `${colors.bold(queries)}\n${table.toString()}`
}

/** All comparisons, one below the other. */
export const evaluationTexts = (table: EvaluationTable, colors: Colors): string =>
  table.map(set => evaluationText(set, colors)).join('\n\n')

/** The training loss as a chart of characters, at most `width` wide; empty for a curve of fewer than two points. */
export function curveText({ loss }: TrainingCurve, colors: Colors, width = 60): string {
  if (loss.length < 2) return ''
  const columns = Math.min(width, loss.length)
  const points = Array.from({ length: columns }, (_, i) => {
    const part = loss.slice(Math.floor((i * loss.length) / columns), Math.floor(((i + 1) * loss.length) / columns))
    return part.reduce((sum, value) => sum + value, 0) / part.length
  })
  return `${colors.bold('training loss')}\n${asciichart.plot(points, { height: 8 })}`
}
