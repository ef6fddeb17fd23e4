import type { AnalyzeOptions } from '@surprisal/retrieval'

/** How texts become terms of BM25: words, lower case, stemmed. */
export const textAnalysis: AnalyzeOptions = { stemmer: 'porter' }

/** The same without the words that every text has, for showing what matched. */
export const wordAnalysis: AnalyzeOptions = { ...textAnalysis, stopWords: 'english' }
