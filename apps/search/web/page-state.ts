import type { SystemName } from '../src/server/types.ts'
import { systemTexts } from './systems.ts'

/** What the address of the page says, so that a result can be shared by its link. */
export interface PageState {
  view: 'search' | 'evaluation'
  query: string
  /** null leaves the choice to the page. */
  system: SystemName | null
  compare: boolean
}

/** Reads the part of an address after `?`; whatever it does not know counts as absent. */
export function parsePageState(search: string): PageState {
  const parameters = new URLSearchParams(search)
  const system = parameters.get('system') ?? ''
  return {
    view: parameters.get('view') === 'evaluation' ? 'evaluation' : 'search',
    query: (parameters.get('q') ?? '').slice(0, 500),
    system: Object.hasOwn(systemTexts, system) ? (system as SystemName) : null,
    compare: parameters.has('compare'),
  }
}

/** Writes the address of a state; the inverse of {@link parsePageState}. */
export function formatPageState(state: PageState): string {
  const parameters = new URLSearchParams()
  if (state.query.trim() !== '') parameters.set('q', state.query)
  if (state.system !== null) parameters.set('system', state.system)
  if (state.compare) parameters.set('compare', '1')
  if (state.view === 'evaluation') parameters.set('view', 'evaluation')
  const text = parameters.toString()
  return text === '' ? '/' : `/?${text}`
}
