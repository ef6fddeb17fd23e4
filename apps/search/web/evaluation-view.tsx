import type { InfoResponse } from '../src/server/types.ts'
import { EvaluationSetTable } from './evaluation-table.tsx'
import { formatCount } from './format.ts'
import { LazyCurvePlot } from './lazy-curve-plot.tsx'
import type { Theme } from './use-theme.ts'

interface EvaluationViewProps extends Pick<InfoResponse, 'evaluation' | 'curve'> {
  theme: Theme
}

/** How well each system searches, and how the model was trained. */
export function EvaluationView({ evaluation, curve, theme }: EvaluationViewProps) {
  const sets = evaluation ?? []
  return (
    <div class="evaluation">
      <h1>How well does it search?</h1>
      <p class="lead">
        Each system answers queries that the model was never trained on, and is measured by where the right entry comes
        out. The best of each column is bold.
      </p>
      {sets.map(set => (
        <EvaluationSetTable key={set.queries} set={set} />
      ))}
      {sets.length === 0 && <p class="column-empty">Nothing has been evaluated yet.</p>}
      <h2>Training</h2>
      {curve === null || curve.steps.length < 2 ? (
        <p class="column-empty">The training run left no record.</p>
      ) : (
        <figure>
          <LazyCurvePlot curve={curve} theme={theme} />
          <figcaption>
            The loss of each training step, from {curve.loss[0].toFixed(2)} to{' '}
            {curve.loss[curve.loss.length - 1].toFixed(2)} in {formatCount(curve.steps[curve.steps.length - 1])} steps;
            the strong line is its running mean.
          </figcaption>
        </figure>
      )}
    </div>
  )
}
