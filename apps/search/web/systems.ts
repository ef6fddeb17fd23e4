import type { SystemName } from '../src/server/types.ts'

/** How the page names a system, and says in a few words what it does. */
export const systemTexts: Record<SystemName, { label: string; description: string }> = {
  hybrid: { label: 'Hybrid', description: 'meaning and words, fused' },
  dense: { label: 'Dense', description: 'closest in meaning' },
  bm25: { label: 'BM25', description: 'shared words, weighted by rarity' },
  student: { label: 'Student', description: 'distilled to a quarter of the dimensions' },
  int8: { label: 'Int8', description: 'one byte for each dimension' },
  binary: { label: 'Binary', description: 'one bit for each dimension, then rescored' },
}

/** The order of the choice on the page: the best guess first. */
const displayOrder: readonly SystemName[] = ['hybrid', 'dense', 'bm25', 'student', 'int8', 'binary']

/** The available systems in the order of display. */
export function sortSystems(systems: readonly SystemName[]): SystemName[] {
  return displayOrder.filter(system => systems.includes(system))
}

/** The systems that are set side by side. */
export function comparedSystems(systems: readonly SystemName[]): SystemName[] {
  return (['bm25', 'dense', 'hybrid'] as const).filter(system => systems.includes(system))
}

/** Part of speech of a WordNet identifier such as `n02121620`, as dictionaries write it; null for another identifier. */
export function partOfSpeech(id: string): string | null {
  const names: Record<string, string> = { n: 'noun', v: 'verb', a: 'adjective', s: 'adjective', r: 'adverb' }
  return /^[nvasr]\d{8}$/.test(id) ? names[id[0]] : null
}
