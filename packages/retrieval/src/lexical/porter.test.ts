import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { porterStem } from './porter.ts'

fc.configureGlobal({ seed: 1 })

/** Examples of the paper, step by step, as whole words go through all of them. */
const EXAMPLES: Record<string, string> = {
  caresses: 'caress',
  ponies: 'poni',
  ties: 'ti',
  caress: 'caress',
  cats: 'cat',
  feed: 'feed',
  agreed: 'agre',
  plastered: 'plaster',
  bled: 'bled',
  motoring: 'motor',
  sing: 'sing',
  conflated: 'conflat',
  troubled: 'troubl',
  sized: 'size',
  hopping: 'hop',
  tanned: 'tan',
  falling: 'fall',
  hissing: 'hiss',
  fizzed: 'fizz',
  failing: 'fail',
  filing: 'file',
  happy: 'happi',
  sky: 'sky',
  relational: 'relat',
  conditional: 'condit',
  rational: 'ration',
  valenci: 'valenc',
  hesitanci: 'hesit',
  digitizer: 'digit',
  conformabli: 'conform',
  radicalli: 'radic',
  differentli: 'differ',
  vileli: 'vile',
  analogousli: 'analog',
  vietnamization: 'vietnam',
  predication: 'predic',
  operator: 'oper',
  feudalism: 'feudal',
  decisiveness: 'decis',
  hopefulness: 'hope',
  callousness: 'callous',
  formaliti: 'formal',
  sensitiviti: 'sensit',
  sensibiliti: 'sensibl',
  triplicate: 'triplic',
  formative: 'form',
  formalize: 'formal',
  electriciti: 'electr',
  electrical: 'electr',
  hopeful: 'hope',
  goodness: 'good',
  revival: 'reviv',
  allowance: 'allow',
  inference: 'infer',
  airliner: 'airlin',
  gyroscopic: 'gyroscop',
  adjustable: 'adjust',
  defensible: 'defens',
  irritant: 'irrit',
  replacement: 'replac',
  adjustment: 'adjust',
  dependent: 'depend',
  adoption: 'adopt',
  homologou: 'homolog',
  communism: 'commun',
  activate: 'activ',
  angulariti: 'angular',
  homologous: 'homolog',
  effective: 'effect',
  bowdlerize: 'bowdler',
  probate: 'probat',
  rate: 'rate',
  cease: 'ceas',
  controll: 'control',
  roll: 'roll',
  generalizations: 'gener',
  oscillators: 'oscil',
  archaeology: 'archaeolog',
  yes: 'ye',
  toy: 'toi',
  crying: 'cry',
}

describe('porterStem', () => {
  it.each(Object.entries(EXAMPLES))('%s -> %s', (word, stem) => {
    expect(porterStem(word)).toBe(stem)
  })

  it('brings the forms of one word together', () => {
    const stems = ['connect', 'connected', 'connecting', 'connection', 'connections'].map(porterStem)
    expect(new Set(stems)).toEqual(new Set(['connect']))
  })

  it.each(['', 'a', 'is', 'x2s', 'caf\u00e9s', "dog's", 'Cats'])('leaves %j as it is', word => {
    expect(porterStem(word)).toBe(word)
  })

  it('never lengthens a word by more than the e it restores, and never empties one', () => {
    const letters = fc.array(fc.constantFrom(...'aeioubcdlmnrstvyz', 'ing', 'ed', 'ation', 'ies'), { minLength: 1 })
    fc.assert(
      fc.property(letters, parts => {
        const word = parts.join('')
        const stem = porterStem(word)
        expect(stem.length).toBeGreaterThan(0)
        expect(stem.length).toBeLessThanOrEqual(word.length)
      }),
    )
  })
})
