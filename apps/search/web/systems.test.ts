import { expect, it } from 'vitest'
import { comparedSystems, partOfSpeech, sortSystems } from './systems.ts'

it('shows the best guess first and leaves out what is missing', () => {
  expect(sortSystems(['bm25', 'int8', 'hybrid'])).toEqual(['hybrid', 'bm25', 'int8'])
  expect(sortSystems([])).toEqual([])
})

it('compares BM25, dense and hybrid as far as they are there', () => {
  expect(comparedSystems(['hybrid', 'student', 'dense', 'bm25'])).toEqual(['bm25', 'dense', 'hybrid'])
  expect(comparedSystems(['bm25'])).toEqual(['bm25'])
})

it('reads the part of speech off the identifiers of WordNet only', () => {
  expect(['n02121620', 'v00001740', 'a00001740', 's00001740', 'r00001740'].map(partOfSpeech)).toEqual([
    'noun',
    'verb',
    'adjective',
    'adjective',
    'adverb',
  ])
  expect(['notes.md', 'n123', 'x02121620', ''].map(partOfSpeech)).toEqual([null, null, null, null])
})
