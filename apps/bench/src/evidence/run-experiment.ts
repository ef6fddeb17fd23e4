import type { Evidence, FoundExperiment, Outcome, Verdict } from './experiment.ts'

const isLess = ({ method, baseline }: Outcome): boolean => method < baseline

/**
 * Runs an experiment over its seeds.
 * @param told of each seed that is done
 */
export async function runExperiment(
  { package: own, slug, experiment }: FoundExperiment,
  told: (done: number, seeds: number) => void = () => {},
): Promise<Evidence> {
  const { claim, baseline, seeds, holds = isLess } = experiment
  const started = performance.now()
  const outcomes: Evidence['seeds'][number][] = []
  for (const seed of seeds) {
    const outcome = await experiment.run(seed)
    outcomes.push({ seed, holds: holds(outcome), ...outcome })
    told(outcomes.length, seeds.length)
  }
  const margins = outcomes.map(outcome => (outcome.baseline - outcome.method) / Math.abs(outcome.baseline))
  return {
    package: own,
    slug,
    claim,
    baseline,
    seeds: outcomes,
    margin: margins.reduce((sum, margin) => sum + margin, 0) / margins.length,
    verdict: verdictOf(outcomes.map(outcome => outcome.holds)),
    seconds: (performance.now() - started) / 1000,
  }
}

function verdictOf(held: readonly boolean[]): Verdict {
  if (held.every(Boolean)) return 'holds'
  return held.some(Boolean) ? 'mixed' : 'does not hold'
}
