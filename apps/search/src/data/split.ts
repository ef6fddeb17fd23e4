import type { Corpus } from './corpus.ts'

const heldOutShare = 50

/** FNV-1a, so that a document's side of the split depends on its id alone. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}

/** Whether a document is kept out of all training: one in fifty, by a hash of its id. */
export const isHeldOut = (id: string): boolean => hash(id) % heldOutShare === 0

/**
 * Positions of the documents on each side. The two sides share no document. Where nothing would be left to train on
 * (a folder with one passage), nothing is held out.
 */
export function splitCorpus(corpus: Corpus): { training: number[]; heldOut: number[] } {
  const training: number[] = []
  const heldOut: number[] = []
  corpus.documents.forEach((document, i) => {
    if (isHeldOut(document.id)) heldOut.push(i)
    else training.push(i)
  })
  return training.length > 0 ? { training, heldOut } : { training: heldOut, heldOut: [] }
}
