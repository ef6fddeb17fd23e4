import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Licences that come with development dependencies, about 90,000 characters of English with long repetitions. */
const files = [
  ['typescript', 'ThirdPartyNoticeText.txt'],
  ['vitest', 'LICENSE.md'],
  ['typescript', 'LICENSE.txt'],
]

/** A text as numbers of its characters; the last tenth is for tests. */
export interface CharacterText {
  train: Int32Array
  test: Int32Array
  vocabularySize: number
}

/** The licences as numbers of characters; capital letters are small ones, whatever is rare is a blank. */
export function licenceProse(): CharacterText {
  const require = createRequire(import.meta.url)
  const text = files
    .map(([name, file]) => readFileSync(join(dirname(require.resolve(`${name}/package.json`)), file), 'utf8'))
    .join('\n')
    .toLowerCase()
    .replace(/[^a-z0-9.,;:()'"\n -]/g, ' ')
    .replace(/ +/g, ' ')
  const known = [...new Set(text)].sort()
  const ids = Int32Array.from(text, character => known.indexOf(character))
  const cut = Math.floor(0.9 * ids.length)
  return { train: ids.slice(0, cut), test: ids.slice(cut), vocabularySize: known.length }
}
