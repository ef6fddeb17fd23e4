import type { SystemName } from '../src/server/types.ts'
import { systemTexts } from './systems.ts'

/** One system, or several side by side. */
export type Mode = SystemName | 'compare'

interface ModePickerProps {
  systems: readonly SystemName[]
  chosen: Mode
  onChoose: (choice: Mode) => void
}

const mainModes: readonly Mode[] = ['hybrid', 'dense', 'bm25', 'compare']

/** The choice between the systems, and between one system and the comparison; the compressed systems stand apart. */
export function ModePicker({ systems, chosen, onChoose }: ModePickerProps) {
  const main = mainModes.filter(mode => mode === 'compare' || systems.includes(mode))
  const compressed = systems.filter(system => !mainModes.includes(system))
  return (
    <fieldset class="mode-picker">
      <legend class="visually-hidden">How to search</legend>
      {[main, compressed].map((modes, index) => (
        <div key={index === 0 ? 'main' : 'compressed'} class="mode-group">
          {modes.map(mode => (
            <button
              key={mode}
              type="button"
              title={describeMode(mode).description}
              aria-pressed={mode === chosen}
              onClick={() => onChoose(mode)}
            >
              {describeMode(mode).label}
            </button>
          ))}
        </div>
      ))}
    </fieldset>
  )
}

function describeMode(mode: Mode): { label: string; description: string } {
  return mode === 'compare'
    ? { label: 'Compare', description: 'BM25, dense and hybrid side by side' }
    : systemTexts[mode]
}
