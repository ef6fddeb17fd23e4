export type { Corpus, Document } from './data/corpus.ts'
export { SearchEngine, systemNames } from './systems/search-engine.ts'
