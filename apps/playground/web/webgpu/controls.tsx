import { formatCount } from './format.ts'
import { type WorkName, works } from './work.ts'

interface ControlsProps {
  work: WorkName
  size: number
  isReady: boolean
  isRunning: boolean
  onWork: (work: WorkName) => void
  onSize: (size: number) => void
  onStart: () => void
  onStop: () => void
}

/** What to compute, how much of it, and the button. */
export function Controls({ work, size, isReady, isRunning, onWork, onSize, onStart, onStop }: ControlsProps) {
  const { description, sizes, sizeLabel } = works[work]
  return (
    <form
      class="controls"
      onSubmit={event => {
        event.preventDefault()
        if (isRunning) onStop()
        else onStart()
      }}
    >
      <fieldset class="segments" disabled={isRunning}>
        <legend class="visually-hidden">What to compute</legend>
        {(Object.keys(works) as WorkName[]).map(name => (
          <label key={name}>
            <input type="radio" name="work" checked={name === work} onChange={() => onWork(name)} />
            <span>{works[name].title}</span>
          </label>
        ))}
      </fieldset>
      <label class="size">
        <span>{sizeLabel}</span>
        <select
          value={size}
          disabled={isRunning}
          onChange={event => onSize(Number((event.target as HTMLSelectElement).value))}
        >
          {sizes.map(option => (
            <option key={option} value={option}>
              {formatCount(option)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" class="main-button" disabled={!isReady}>
        {isRunning ? 'Stop' : 'Measure'}
      </button>
      <p class="soft">{description}</p>
    </form>
  )
}
