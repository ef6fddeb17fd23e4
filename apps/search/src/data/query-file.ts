import { readFile } from 'node:fs/promises'
import { SurprisalError } from '@surprisal/tensor'
import { z } from 'zod'
import type { JudgedQuery } from '../systems/queries.ts'

const schema = z.array(z.object({ query: z.string().min(1), relevant: z.array(z.string()).min(1) })).min(1)

/**
 * Judged queries of a JSON file: `[{ "query": "...", "relevant": ["n02124272"] }]`.
 * @throws {SurprisalError} `io` when the file cannot be read, `format` naming the entry that is wrong
 */
export async function readQueryFile(path: string): Promise<JudgedQuery[]> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new SurprisalError('io', `search: ${path} cannot be read (${cause.message}); check --queries`, { cause })
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new SurprisalError('format', `search: ${path} must hold JSON (${(cause as Error).message})`, { cause })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const { path: at, message } = parsed.error.issues[0]
  throw new SurprisalError('format', `search: ${path} must hold [{ "query", "relevant" }], but entry ${at.join('.') || 'list'}: ${message}`)
}
