export { readWordNet } from './read-wordnet.ts'
export { parseGloss, parseSynset, type Synset } from './synset.ts'
