/**
 * Tokens that would repeat an n-gram of a text.
 * @param size n; 0: none
 */
export function repeatedNgrams(tokens: readonly number[], size: number): number[] {
  if (size === 0 || tokens.length < size) return []
  const end = tokens.slice(tokens.length - size + 1)
  const banned = new Set<number>()
  for (let i = 0; i + size <= tokens.length; i++)
    if (end.every((token, k) => tokens[i + k] === token)) banned.add(tokens[i + size - 1])
  return [...banned]
}
