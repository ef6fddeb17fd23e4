/** How many bytes a code point takes in UTF-8; a lone surrogate, written as U+FFFD, takes three. */
export function utf8Length(codePoint: number): number {
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4
}
