/**
 * The Porter stemmer: suffixes of English words removed in five steps, so that "connections", "connected" and
 * "connecting" become one term. A word is [C](VC)^m[V], C and V being runs of consonants and vowels; most rules ask
 * for a minimal measure m of what remains.
 *
 * Follows the author's own program, with its three departures from the paper (bli -> ble, logi -> log, and words of
 * one or two letters are left alone).
 *
 * @see Martin Porter, "An algorithm for suffix stripping" (1980)
 */

/** In rules of one suffix after another the first that matches decides, whether or not its condition holds. */
type Rule = readonly [suffix: string, replacement: string]

const STEP_2: readonly Rule[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['logi', 'log'],
]

const STEP_3: readonly Rule[] = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
]

const STEP_4 = 'al ance ence er ic able ible ant ement ment ent sion tion ou ism ate iti ous ive ize'.split(' ')

/**
 * The stem of an English word.
 *
 * @param word in lower case; a word with anything but a-z in it is returned as it is
 * @example
 * porterStem('relational') // => 'relat'
 */
export function porterStem(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word
  return step5(step4(replaceSuffix(replaceSuffix(step1(word), STEP_2), STEP_3)))
}

/** Plurals, -ed and -ing, and y to i. */
function step1(word: string): string {
  let w = word
  if (/(ss|i)es$/.test(w)) w = w.slice(0, -2)
  else if (/[^s]s$/.test(w)) w = w.slice(0, -1)
  const ending = /(eed|ed|ing)$/.exec(w)?.[0]
  if (ending === 'eed') {
    if (measure(w.slice(0, -3)) > 0) w = w.slice(0, -1)
  } else if (ending !== undefined && hasVowel(w.slice(0, -ending.length))) {
    w = tidied(w.slice(0, -ending.length))
  }
  return w.endsWith('y') && hasVowel(w.slice(0, -1)) ? w.slice(0, -1) + 'i' : w
}

/** After -ed or -ing: conflat(e), hop(p), fil(e). */
function tidied(stem: string): string {
  if (/(at|bl|iz)$/.test(stem)) return stem + 'e'
  if (endsWithDoubleConsonant(stem)) return /[lsz]$/.test(stem) ? stem : stem.slice(0, -1)
  return measure(stem) === 1 && endsWithShortSyllable(stem) ? stem + 'e' : stem
}

function replaceSuffix(word: string, rules: readonly Rule[]): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix))
  if (rule === undefined) return word
  const stem = word.slice(0, -rule[0].length)
  return measure(stem) > 0 ? stem + rule[1] : word
}

function step4(word: string): string {
  const suffix = STEP_4.find(ending => word.endsWith(ending))
  if (suffix === undefined) return word
  // Of -sion and -tion only the -ion is removed.
  const stem = word.slice(0, suffix.endsWith('ion') ? -3 : -suffix.length)
  return measure(stem) > 1 ? stem : word
}

/** A final e, and one l of a final double l. */
function step5(word: string): string {
  let w = word
  if (w.endsWith('e')) {
    const stem = w.slice(0, -1)
    const m = measure(stem)
    if (m > 1 || (m === 1 && !endsWithShortSyllable(stem))) w = stem
  }
  return w.endsWith('ll') && measure(w) > 1 ? w.slice(0, -1) : w
}

function isConsonant(word: string, i: number): boolean {
  const letter = word[i]
  if ('aeiou'.includes(letter)) return false
  return letter !== 'y' || i === 0 || !isConsonant(word, i - 1)
}

/** The number of vowel-consonant transitions. */
function measure(stem: string): number {
  let m = 0
  let afterVowel = false
  for (let i = 0; i < stem.length; i++) {
    const consonant = isConsonant(stem, i)
    if (consonant && afterVowel) m++
    afterVowel = !consonant
  }
  return m
}

function hasVowel(stem: string): boolean {
  for (let i = 0; i < stem.length; i++) if (!isConsonant(stem, i)) return true
  return false
}

function endsWithDoubleConsonant(stem: string): boolean {
  const n = stem.length
  return n > 1 && stem[n - 1] === stem[n - 2] && isConsonant(stem, n - 1)
}

/** Consonant, vowel, consonant other than w, x, y. */
function endsWithShortSyllable(stem: string): boolean {
  const n = stem.length
  return (
    n > 2 &&
    isConsonant(stem, n - 1) &&
    !isConsonant(stem, n - 2) &&
    isConsonant(stem, n - 3) &&
    !'wxy'.includes(stem[n - 1])
  )
}
