import type { Comparison } from './comparison.ts'
import { deviceNames, formatCount, formatNumber, formatTime } from './format.ts'
import { LazyTimesPlot } from './lazy-times-plot.tsx'
import { agreementOf, type Row, rowsOf, verdictOf } from './summary.ts'
import { works } from './work.ts'

/** The numbers of a comparison, the plot, and what they mean. */
export function Results({ comparison, hasGpu }: { comparison: Comparison; hasGpu: boolean }) {
  const { work, size, times, isRunning, error } = comparison
  const rows = rowsOf(comparison)
  const verdict = verdictOf(rows)
  const agreement = agreementOf(comparison)
  return (
    <section class="results" aria-busy={isRunning} aria-labelledby="results-heading">
      <h2 id="results-heading">
        {works[work].title}, {formatCount(size)}
        {work === 'matmul' ? ` × ${formatCount(size)}` : ' elements'}
      </h2>
      {error !== null && (
        <p class="notice" role="alert">
          {error}
        </p>
      )}
      {rows.length === 0 && isRunning && <p class="soft">The first run compiles the kernels …</p>}
      {rows.length > 0 && (
        <>
          <ResultsTable rows={rows} unit={works[work].rateUnit} />
          {verdict && <p class="verdict">{verdict}</p>}
          {agreement && <p class="soft">{agreement}</p>}
          <LazyTimesPlot times={times} hasGpu={hasGpu} />
        </>
      )}
      <p class="visually-hidden" role="status">
        {isRunning ? 'Measuring' : `Measured. ${verdict ?? ''} ${agreement ?? ''}`}
      </p>
    </section>
  )
}

function ResultsTable({ rows, unit }: { rows: readonly Row[]; unit: string }) {
  const lines: readonly [string, (row: Row) => string][] = [
    ['Best time', ({ best }) => formatTime(best)],
    ['Median', ({ median }) => formatTime(median)],
    [unit, ({ rate }) => formatNumber(rate)],
    ['Dispatches', ({ dispatches }) => (dispatches === null ? '–' : formatCount(dispatches))],
  ]
  return (
    <table class="numbers">
      <thead>
        <tr>
          <td />
          {rows.map(({ device }) => (
            <th key={device} scope="col" data-device={device}>
              {deviceNames[device]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map(([name, textOf]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {rows.map(row => (
              <td key={row.device}>{textOf(row)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
