/** One entry of the section table. */
export interface Section {
  name: string
  offset: number
  length: number
  crc32c: number
}

/** Parses and checks the JSON header of an index file; `fail` throws with what is wrong. */
export function parseHeader(
  text: Uint8Array,
  fail: (what: string) => never,
): { metadata: Record<string, unknown>; sections: Section[] } {
  const header = parseJson(text, 'the header', fail)
  if (!isRecord(header) || !isRecord(header.metadata) || !Array.isArray(header.sections)) {
    return fail('the header has no metadata or no section table')
  }
  const names = new Set<string>()
  for (const section of header.sections) {
    if (!isSection(section)) fail(`the section table has a bad entry: ${JSON.stringify(section)}`)
    if (names.has(section.name)) fail(`section "${section.name}" occurs twice`)
    names.add(section.name)
  }
  return { metadata: header.metadata, sections: header.sections }
}

/** Strict UTF-8 and JSON; `fail` throws naming the place. */
export function parseJson(bytes: Uint8Array, place: string, fail: (what: string) => never): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return fail(`${place} is not JSON in UTF-8`)
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSection(value: unknown): value is Section {
  if (!isRecord(value) || typeof value.name !== 'string') return false
  return [value.offset, value.length, value.crc32c].every(n => Number.isSafeInteger(n) && (n as number) >= 0)
}
