import { readFile } from 'node:fs/promises'
import { SurprisalError } from '@surprisal/tensor'
import { z } from 'zod'
import type { JudgedQuery } from '../systems/queries.ts'

const filled = z.string().refine(text => text.trim() !== '', 'must not be empty')
const schema = z.array(z.object({ query: filled, relevant: z.array(filled).min(1, 'must name a document') })).min(1)

/**
 * Judged queries of a JSON file: `[{ "query": "...", "relevant": ["n02124272"] }]`.
 * @throws {SurprisalError} `io` when the file cannot be read, `format` naming the entry that is wrong
 */
export async function readQueryFile(path: string): Promise<JudgedQuery[]> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new SurprisalError('io', `search: ${path} cannot be read (${cause.message}); check --queries`, { cause })
  })
  const parsed = schema.safeParse(parseJson(text.replace(/^\ufeff/, ''), path))
  if (parsed.success) return parsed.data
  const { path: at, message } = parsed.error.issues[0]
  const place = at.length === 0 ? 'the list' : `entry ${at.join('.')}`
  throw new SurprisalError('format', `search: ${path} must hold [{ "query", "relevant" }], but ${place}: ${message}`)
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SurprisalError('format', `search: ${path} must hold JSON (${(cause as Error).message})`, { cause })
  }
}
