import type { EvaluationRow, EvaluationSet } from '../src/server/types.ts'
import { formatCount, formatMetric, formatMetricName } from './format.ts'
import { systemTexts } from './systems.ts'

interface Column {
  name: string
  value: (row: EvaluationRow) => number | undefined
  format: (value: number | null | undefined) => string
  /** Which end is the best; sizes are better small. */
  best: 'max' | 'min'
}

/** The measurements of all systems over one set of queries. */
export function EvaluationSetTable({ set }: { set: EvaluationSet }) {
  const columns = listColumns(set.rows)
  return (
    <section class="evaluation-set">
      <h2>{set.queries.charAt(0).toUpperCase() + set.queries.slice(1)}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section class="table-scroll" aria-label={`Evaluation on ${set.queries}`} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">System</th>
              {columns.map(column => (
                <th key={column.name} scope="col">
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {set.rows.map(row => (
              <tr key={row.system}>
                <th scope="row">{systemTexts[row.system].label}</th>
                {columns.map(column => (
                  <td key={column.name} data-best={isBest(row, column, set.rows)}>
                    {column.format(column.value(row))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}

function listColumns(rows: readonly EvaluationRow[]): Column[] {
  const names = [...new Set(rows.flatMap(row => Object.keys(row.metrics)))]
  const formatWhole: Column['format'] = value => (value === null || value === undefined ? '–' : formatCount(value))
  return [
    ...names.map(
      (name): Column => ({
        name: formatMetricName(name),
        value: row => row.metrics[name],
        format: formatMetric,
        best: 'max',
      }),
    ),
    { name: 'bytes / entry', value: row => row.bytesPerDocument, format: formatWhole, best: 'min' },
    { name: 'queries / s', value: row => row.queriesPerSecond, format: formatWhole, best: 'max' },
  ]
}

function isBest(row: EvaluationRow, column: Column, rows: readonly EvaluationRow[]): boolean {
  const values = rows.map(column.value).filter(value => typeof value === 'number')
  return column.value(row) === Math[column.best](...values)
}
