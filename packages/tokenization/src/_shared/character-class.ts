/** Neither a letter, nor a number, nor white space. */
export const OTHER = 0
/** General category L. */
export const LETTER = 1
/** General category N. */
export const NUMBER = 2
/** The property White_Space, which differs from JavaScript's `\s`: it has U+0085 and lacks U+FEFF. */
export const SPACE = 3

const PAGE = 256
const pages: (Uint8Array | undefined)[] = []

/** The class of a code point (0 to 0x10FFFF, surrogates included): `OTHER`, `LETTER`, `NUMBER` or `SPACE`. */
export function characterClass(codePoint: number): number {
  const page = pages[codePoint >> 8] ?? fillPage(codePoint >> 8)
  return page[codePoint & (PAGE - 1)]
}

// Filled on first use from the engine's own tables: no data file to ship, and no other Unicode version than the regexes'.
function fillPage(index: number): Uint8Array {
  const page = new Uint8Array(PAGE)
  for (let i = 0; i < PAGE; i++) {
    const character = String.fromCodePoint(index * PAGE + i)
    if (/\p{L}/u.test(character)) page[i] = LETTER
    else if (/\p{N}/u.test(character)) page[i] = NUMBER
    else if (/\p{White_Space}/u.test(character)) page[i] = SPACE
  }
  pages[index] = page
  return page
}
